using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Bound from <c>Repositories:Push</c>; checked at start.</summary>
public sealed class PushOptions
{
    /// <summary>Most refs that one push may update. Default 10,000: a mirror of a large project fits.</summary>
    [Range(1_000, 1_000_000)]
    public int RefsMax { get; set; } = 10_000;

    /// <summary>Most bytes of all commands and push options of one push. Default 8 MiB.</summary>
    [Range(65_536, 1 << 30)]
    public int CommandBytesMax { get; set; } = 8 << 20;

    /// <summary>Most bytes of one pack. Default 8 GiB.</summary>
    [Range(1L << 20, 1L << 44)]
    public long PackBytesMax { get; set; } = 8L << 30;

    /// <summary>Bytes buffered for each replica while it is slower than the client. Default 4 MiB.</summary>
    [Range(65_536, 1 << 28)]
    public int RingBytes { get; set; } = 4 << 20;

    /// <summary>How long a replica may take no byte before it is left behind, if others suffice. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long the rest is waited for once enough replicas have staged the pack. Default 1 s; longer if these took
    /// longer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StragglerLimit { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a client may send nothing. Default 60 s: it may be busy compressing.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ClientIdleLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long staging may take in all. Default 2 h.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan StageLimit { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How often the leases of staged packs are renewed. Default 10 s, a third of a lease.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:20")]
    public TimeSpan LeaseRenewal { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often a silent answer carries an empty packet, so that nobody on the way drops it. Default 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan KeepaliveInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the outcome is asked for when the coordinator did not say it. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan OutcomeLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pushes at a time on this silo. Default 64: with 4 replicas at most 1 GiB of rings.</summary>
    [Range(1, 10_000)]
    public int ConcurrencyMax { get; set; } = 64;

    /// <summary>Pushes that may wait for their turn; more are refused with 503. Default 1,000.</summary>
    [Range(0, 100_000)]
    public int QueueMax { get; set; } = 1_000;
}

/// <summary>Generated check of <see cref="PushOptions"/>.</summary>
[OptionsValidator]
public sealed partial class PushOptionsValidator : IValidateOptions<PushOptions>;
