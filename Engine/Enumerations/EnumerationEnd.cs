using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;
using Aedile.Engine.Serialization;

namespace Aedile.Engine.Enumerations;

/// <summary>Ends an enumeration before its end. Its answer comes when the grain's iterator has cleaned up.</summary>
internal sealed class EnumerationEnd : Call<Nothing>
{
    /// <summary>As in <see cref="EnumerationStart{T}"/>.</summary>
    public Guid Id { get; set; }

    public override void WriteArguments(WireWriter writer, object[] codecs) =>
        CallArguments.Write(writer, codecs[0], Id);

    public override void ReadArguments(WireReader reader, object[] codecs, int count) =>
        Id = CallArguments.Read<Guid>(reader, codecs[0], 0, count);

    protected override Task? TryInvoke(object grain, out Nothing result)
    {
        result = default;
        var ending = ActivationScope.Running!.Enumerations.End(Id);
        return ending.IsCompletedSuccessfully ? null : ending;
    }

    protected override Nothing ResultOf(Task finished) => default;
}
