using Aedile.Engine.Invocation;
using Aedile.Engine.Serialization;

namespace Aedile.Engine.Messaging;

/// <summary>How calls of one method cross the wire.</summary>
internal sealed class WireMethod
{
    private readonly object? _result;

    /// <param name="method">The method.</param>
    /// <param name="codecs">Of its arguments and result.</param>
    /// <exception cref="InvalidOperationException">A value of it can't cross the wire; the text says why.</exception>
    public WireMethod(GrainMethod method, Codecs codecs)
    {
        Arguments = [.. method.Arguments.Select(codecs.For)];
        _result = method.Result is { } result ? codecs.For(result) : null;
        var writer = new WireWriter(WireLimits.Default);
        writer.Text(ContractMethods.WireNameOf(method.Contract));
        writer.Text(method.WireName);
        Name = writer.Written.ToArray();
    }

    /// <summary>The contract's name and the method's, as they stand in a request.</summary>
    public ReadOnlyMemory<byte> Name { get; }

    /// <summary>The codec of each argument.</summary>
    public object[] Arguments { get; }

    public void WriteResult<T>(WireWriter writer, T value)
    {
        if (_result is not null) ((Codec<T>)_result).WriteElement(writer, value);
    }

    public T ReadResult<T>(WireReader reader) => _result is null ? default! : ((Codec<T>)_result).ReadElement(reader);
}
