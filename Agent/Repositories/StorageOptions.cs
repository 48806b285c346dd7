namespace Aedile.Agent.Repositories;

/// <summary>Bounds of the storage role. Checked at start.</summary>
internal sealed class StorageOptions
{
    /// <summary>Largest pack of one push, in bytes. Default 2 GiB: larger histories are imported, not pushed.</summary>
    public long PackSizeMax { get; set; } = 2L << 30;

    /// <summary>Short git children at once. Default 8: they take milliseconds of one core each.</summary>
    public int GitChildrenMax { get; set; } = 8;

    /// <summary>Packs over 1 MiB received at once; they may last as long as a slow client. Default 16.</summary>
    public int LargePacksMax { get; set; } = 16;

    /// <summary>Clones and fetches served at once. Default 64; more wait.</summary>
    public int FetchesMax { get; set; } = 64;

    /// <summary>How long a staged pack is kept without renewal. Default 30 s, the gateway renews every 10 s.</summary>
    public TimeSpan StagingLease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a read waits for a commit it depends on. Default 1 s; then another replica is asked.</summary>
    public TimeSpan CommitWaitMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a staged pack waits for a repair to end. Default 10 s: a last fetch takes at most 5 s.
    /// </summary>
    public TimeSpan RepairWaitMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the silo is asked about a promise while its coordinator is silent. Default 1 s.</summary>
    public TimeSpan AskInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A journal file longer than this (bytes) is replaced by a snapshot. Default 16 MiB.</summary>
    public long JournalCompactAfter { get; set; } = 16L << 20;

    /// <summary>What is wrong with the values; empty when nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        if (PackSizeMax < 1024) yield return "Storage:PackSizeMax must be at least 1024 bytes.";
        if (GitChildrenMax is < 1 or > 1024) yield return "Storage:GitChildrenMax must be 1 to 1024.";
        if (LargePacksMax is < 1 or > 1024) yield return "Storage:LargePacksMax must be 1 to 1024.";
        if (FetchesMax is < 1 or > 4096) yield return "Storage:FetchesMax must be 1 to 4096.";
        if (StagingLease < TimeSpan.FromSeconds(3)) yield return "Storage:StagingLease must be at least 3 s.";
        if (CommitWaitMax < TimeSpan.Zero) yield return "Storage:CommitWaitMax must not be negative.";
        if (RepairWaitMax < TimeSpan.Zero) yield return "Storage:RepairWaitMax must not be negative.";
        if (AskInterval < TimeSpan.FromMilliseconds(100)) yield return "Storage:AskInterval must be at least 100 ms.";
        if (JournalCompactAfter < 4096) yield return "Storage:JournalCompactAfter must be at least 4096 bytes.";
    }
}
