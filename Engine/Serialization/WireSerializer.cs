namespace Aedile.Engine.Serialization;

/// <summary>
/// Turns values into bytes and back. Bytes of an older or newer version of a type are read as far as known.
/// </summary>
internal sealed class WireSerializer(Codecs codecs, WireLimits limits)
{
    /// <exception cref="WireException">The value is too large, nested too deep, or of an unknown subtype.</exception>
    public ReadOnlyMemory<byte> Serialize<T>(T value)
    {
        var writer = new WireWriter(limits);
        codecs.For<T>().WriteElement(writer, value);
        return writer.Written;
    }

    /// <exception cref="WireException">The bytes are no value of this type.</exception>
    public T Deserialize<T>(ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes, limits);
        try
        {
            var value = codecs.For<T>().ReadElement(reader);
            return reader.IsAtEnd ? value : throw new WireException("There are bytes after the end of the value.");
        }
        catch (Exception error) when (error is OverflowException or FormatException or ArgumentException)
        {
            throw new WireException($"The bytes are no {typeof(T)}: {error.Message}");
        }
    }
}
