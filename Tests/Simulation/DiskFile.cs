namespace Aedile.Tests.Simulation;

/// <summary>A file or folder of a <see cref="DiskImage"/>, known by identity, not by name.</summary>
internal abstract class DiskNode;

/// <summary>
/// A file: its bytes as the running system sees them, and as they were last made durable. Appending keeps the durable
/// bytes as a prefix, so that a journal costs no copies.
/// </summary>
internal sealed class DiskFile : DiskNode
{
    private byte[] _bytes = [];
    private byte[]? _durable;
    private int _durableLength;

    /// <summary>Bytes in it now.</summary>
    public int Length { get; private set; }

    /// <summary>What it holds now.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Whether a power loss may change it.</summary>
    public bool IsDirty => _durable is not null || Length != _durableLength;

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (Length + bytes.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(Length + bytes.Length, _bytes.Length * 2));
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Cuts it.</summary>
    public void Truncate(int length)
    {
        if (length < _durableLength) KeepDurable();
        Length = Math.Min(length, Length);
    }

    /// <summary>Gives it other bytes.</summary>
    public void Replace(ReadOnlySpan<byte> bytes)
    {
        KeepDurable();
        _bytes = bytes.ToArray();
        Length = bytes.Length;
    }

    /// <summary>Makes the bytes durable.</summary>
    public void Flush()
    {
        _durable = null;
        _durableLength = Length;
    }

    /// <summary>
    /// The power goes: what was not flushed is lost, kept or torn. Torn means another length, and each block is the
    /// old one, the new one, or zeros where the old file had ended; so bytes may be missing before others that are
    /// there.
    /// </summary>
    public void LosePower(Chance chance)
    {
        if (!IsDirty) return;
        var old = (_durable ?? _bytes).AsSpan(0, _durableLength).ToArray();
        var now = Bytes.ToArray();
        _bytes = chance.Below(5) switch { 0 => old, 1 => now, _ => Torn(old, now, chance) };
        Length = _bytes.Length;
        Flush();
    }

    private static byte[] Torn(byte[] old, byte[] now, Chance chance)
    {
        var least = Math.Min(old.Length, now.Length);
        var length = least + chance.Below(Math.Abs(old.Length - now.Length) + 1);
        var block = 1 << (3 + chance.Below(7));
        // Most file systems write in order most of the time: then only the length is torn.
        var isOrdered = chance.OneIn(2);
        var torn = new byte[length];
        for (var at = 0; at < length; at += block)
        {
            var size = Math.Min(block, length - at);
            var source = isOrdered || chance.OneIn(2) ? now : old;
            if (at >= source.Length && !isOrdered) continue;
            source.AsSpan(Math.Min(at, source.Length), Math.Clamp(source.Length - at, 0, size)).CopyTo(torn.AsSpan(at));
        }
        return torn;
    }

    private void KeepDurable() => _durable ??= _bytes.AsSpan(0, _durableLength).ToArray();
}
