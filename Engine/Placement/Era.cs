using System.Collections.Immutable;
using Aedile.Engine.Turns;
using Orleans.Runtime;

namespace Aedile.Engine.Placement;

/// <summary>
/// The time in which a silo sees the same hosts. It is settled when every other silo that may run grains of this one
/// has handed them over; until then this silo activates only what was its own all the time.
/// </summary>
#pragma warning disable CA1001 // The source has no timer and no link; whoever still holds its token must be able to.
internal sealed class Era
#pragma warning restore CA1001
{
    private readonly TaskCompletionSource _settledOrOver = new(Continuations.Elsewhere);
    private readonly CancellationTokenSource _over = new();
    private readonly ImmutableArray<HostSet>? _earlier;
    private long _newestVersion;
    private volatile bool _isSettled;

    /// <param name="version">The first view with these hosts that the silo saw.</param>
    /// <param name="hosts">The hosts.</param>
    /// <param name="mayHost">Whether the silo is one of them, and holds its lease.</param>
    /// <param name="earlier">The hosts of the last settled era and of all since; null: unknown.</param>
    public Era(long version, HostSet hosts, bool mayHost, ImmutableArray<HostSet>? earlier) =>
        (Version, _newestVersion, Hosts, MayHost, _earlier) = (version, version, hosts, mayHost, earlier);

    public long Version { get; }

    /// <summary>The newest view with these hosts. Here, so that who reads an era has both of the same moment.</summary>
    public long NewestVersion => Volatile.Read(ref _newestVersion);

    public HostSet Hosts { get; }

    public bool MayHost { get; }

    /// <summary>Completes when the silo runs only grains that are its own under these hosts.</summary>
    public Task HandedOver { get; set; } = Task.CompletedTask;

    public bool IsSettled => _isSettled;

    /// <summary>Completes when waiting for this era makes no sense any more: look again.</summary>
    public Task SettledOrOver => _settledOrOver.Task;

    /// <summary>Cancelled when the next era began.</summary>
    public CancellationToken Over => _over.Token;

    /// <summary>Returns the era that follows this one.</summary>
    /// <param name="version">The view with the new hosts.</param>
    /// <param name="hosts">The new hosts.</param>
    /// <param name="mayHost">Whether the silo may host from now on.</param>
    public Era Next(long version, HostSet hosts, bool mayHost)
    {
        // What was somebody else's while this silo hosted nothing may run anywhere.
        ImmutableArray<HostSet>? earlier = (MayHost && mayHost, IsSettled, _earlier) switch
        {
            (false, _, _) => null,
            (_, true, _) => [Hosts],
            (_, _, { } since) => since.Add(Hosts),
            _ => null,
        };
        return new Era(version, hosts, mayHost, earlier);
    }

    /// <summary>Returns the era before a silo has seen any view.</summary>
    public static Era First() => new(-1, HostSet.Empty, false, null);

    /// <summary>Notes a view that has the same hosts. Not to be called by two at a time.</summary>
    public void See(long version) => Volatile.Write(ref _newestVersion, version);

    /// <summary>Whether a grain was this silo's in every era since the last settled one.</summary>
    public bool WasAlwaysOf(SiloAddress self, GrainId grain) =>
        _earlier is { } earlier && earlier.All(hosts => self.Equals(hosts.OwnerOf(grain)));

    public void Settle()
    {
        _isSettled = true;
        _settledOrOver.TrySetResult();
    }

    public void End()
    {
        _settledOrOver.TrySetResult();
        _over.Cancel();
    }
}
