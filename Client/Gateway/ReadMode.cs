using System.Globalization;

namespace Aedile.Client.Gateway;

/// <summary>How fresh a read must be. What can't be had within 5 s is refused as <c>too-stale</c>.</summary>
public sealed record ReadMode
{
    private ReadMode() { }

    /// <summary>
    /// At least what this client has seen or written, whichever gateway answers. The default: it costs nothing where
    /// the gateway is up to date, and never goes back.
    /// </summary>
    public static ReadMode Seen { get; } = new() { IsSeen = true };

    /// <summary>Whatever the gateway has; never waits.</summary>
    public static ReadMode Local { get; } = new();

    /// <summary>Nothing that was acknowledged before the read began is missing. Costs the silo one query.</summary>
    public static ReadMode Latest { get; } = new() { IsLatest = true };

    /// <summary>Entries up to this index are in it.</summary>
    public static ReadMode AtLeast(long index) => new() { Index = index };

    /// <summary>The gateway knew within this time that it had the newest.</summary>
    public static ReadMode NoOlderThan(TimeSpan age) => new() { Age = age };

    private bool IsSeen { get; init; }

    private bool IsLatest { get; init; }

    private long Index { get; init; }

    private TimeSpan? Age { get; init; }

    /// <summary>The parameters of a query, as in <c>atLeast=17</c>.</summary>
    internal IEnumerable<string> ToQuery(long seen)
    {
        var index = IsSeen ? seen : Index;
        if (IsLatest) yield return "consistency=latest";
        if (index > 0) yield return string.Create(CultureInfo.InvariantCulture, $"atLeast={index}");
        if (Age is { } age)
            yield return string.Create(CultureInfo.InvariantCulture, $"maxStaleness={(long)age.TotalMilliseconds}");
    }
}
