using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>A body that arrives in pieces, as from a network that cuts where it likes.</summary>
internal static class Pieces
{
    /// <summary>Bytes cut into pieces of 1 to 17 bytes, in a way that <paramref name="seed"/> determines.</summary>
    public static PipeReader Cut(ReadOnlyMemory<byte> bytes, int seed) => PipeReader.Create(new CutStream(bytes, seed));

    /// <summary>All bytes at once.</summary>
    public static PipeReader Whole(params IEnumerable<string> parts) =>
        PipeReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(parts))));

    /// <summary>What the reader has left.</summary>
    public static async Task<ImmutableArray<byte>> Rest(PipeReader reader)
    {
        var rest = new MemoryStream();
        await reader.CopyToAsync(rest);
        return [.. rest.ToArray()];
    }

    /// <summary>Seeds for <see cref="Cut"/>.</summary>
    public static Arbitrary<int> Seeds { get; } = ArbMap.Default.GeneratorFor<int>().ToArbitrary();

    private sealed class CutStream(ReadOnlyMemory<byte> bytes, int seed) : MemoryStream(bytes.ToArray(), false)
    {
        private readonly Random _chance = new(seed);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, _chance.Next(1, 18))], cancellationToken);
    }
}
