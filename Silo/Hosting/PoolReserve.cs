namespace Aedile.Silo.Hosting;

/// <summary>What one look at the thread pool found.</summary>
/// <param name="Completed">Items that it has run since the process began.</param>
/// <param name="Pending">Items that wait.</param>
/// <param name="Threads">How many threads it has.</param>
internal readonly record struct PoolLook(long Completed, long Pending, int Threads);

/// <summary>How many threads the pool is told to keep, and why. Pure.</summary>
/// <param name="Ready">That many it starts without hesitation.</param>
/// <param name="Quiet">Looks since it last stood still.</param>
/// <param name="Last">The look before.</param>
internal sealed record PoolReserve(int Ready, int Quiet, PoolLook Last)
{
    private const int Step = 4;

    /// <summary>The most that is added: each costs about 100 KiB, and shares the processors with the others.</summary>
    public const int AddedMax = 64;

    /// <summary>After so many looks without a standstill what was added is taken back.</summary>
    public const int QuietMax = 100;

    /// <summary>Decides after a look.</summary>
    /// <param name="look">What it found.</param>
    /// <param name="least">What the pool keeps when all is well.</param>
    public PoolReserve After(PoolLook look, int least)
    {
        var stands = look.Pending > 0 && Last.Pending > 0 && look.Completed == Last.Completed;
        if (!stands) return new PoolReserve(Quiet + 1 >= QuietMax ? least : Ready, Quiet + 1, look);
        return new PoolReserve(Math.Min(Math.Max(Ready, look.Threads) + Step, least + AddedMax), 0, look);
    }
}
