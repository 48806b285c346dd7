using Aedile.Engine.Activations;
using Aedile.Engine.Invocation;
using Aedile.Engine.Serialization;

namespace Aedile.Engine.Enumerations;

/// <summary>Asks for the next page.</summary>
internal sealed class EnumerationNext<T> : Call<Page<T>>
{
    /// <summary>As in <see cref="EnumerationStart{T}"/>.</summary>
    public Guid Id { get; set; }

    public override void WriteArguments(WireWriter writer, object[] codecs) =>
        CallArguments.Write(writer, codecs[0], Id);

    public override void ReadArguments(WireReader reader, object[] codecs, int count) =>
        Id = CallArguments.Read<Guid>(reader, codecs[0], 0, count);

    protected override Task? TryInvoke(object grain, out Page<T>? result)
    {
        if (ActivationScope.Running!.Enumerations.Find<T>(Id) is { } found)
            return EnumerationCalls.Take(found, EnumerationCalls.PatienceOf(this), Token, out result);
        result = Page<T>.Missing;
        return null;
    }

    protected override Page<T> ResultOf(Task finished) => ((Task<Page<T>>)finished).Result;
}
