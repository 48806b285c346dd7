using System.Data.Common;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>The newest view that a silo has of the table, and the only way to change the table. Thread-safe.</summary>
internal sealed class MembershipTable(
    IMembershipStore store, BeatSightings sightings, TimeProvider clock, TimeSpan accessLimit, ILogger log)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private const int MostAttempts = 20;

    // Only the wait for the database is cancelled, never a command: Npgsql asks the server to cancel that one, on the
    // thread that cancels, and a network that swallows packets keeps it there for seconds. Commands have limits.
    private static readonly CancellationToken ToItsEnd = CancellationToken.None;

    private readonly Lock _lock = new();
    private readonly Queue<(MembershipTableSnapshot Old, MembershipTableSnapshot New)> _news = [];
    private readonly List<Action<MembershipTableSnapshot, MembershipTableSnapshot>> _observers = [];
    private volatile MembershipTableSnapshot _view = MembershipTableSnapshot.None;
    private bool _isTelling;

    /// <summary>The newest view.</summary>
    public MembershipTableSnapshot View => _view;

    /// <summary>Calls somebody with (old, new) on every new view, in order. It must be quick.</summary>
    public void Observe(Action<MembershipTableSnapshot, MembershipTableSnapshot> observer)
    {
        lock (_lock) _observers.Add(observer);
    }

    /// <summary>Takes a view from wherever it came; an old one changes nothing.</summary>
    public void Offer(MembershipTableSnapshot view)
    {
        lock (_lock)
        {
            if (view.Version <= _view.Version) return;
            _news.Enqueue((_view, view));
            _view = view;
            if (_isTelling) return; // Whoever tells goes on with this one: observers hear of views in order.
            _isTelling = true;
        }

        while (NextNews() is { } news)
        {
            foreach (var observer in news.Observers) observer(news.Old, news.New);
        }
    }

    /// <summary>Whether an exception says that the table can't be reached now, instead of being a bug.</summary>
    public static bool IsOutage(Exception error) => error is DbException or TimeoutException or IOException
        or System.Net.Sockets.SocketException or OrleansException and not TableWentBackException;

    /// <summary>Reads the table.</summary>
    /// <exception cref="TableWentBackException">It has an older version than it had before.</exception>
    public async Task<MembershipTableSnapshot> Read(CancellationToken cancellation)
    {
        var newest = _view.Version;
        var read = await store.Read(ToItsEnd).WaitAsync(accessLimit, clock, cancellation);
        if (read.Version < newest) throw new TableWentBackException(newest, read.Version);
        sightings.Note(read);
        Offer(read);
        return read;
    }

    /// <summary>Writes a silo's beat, and reads what is new.</summary>
    public async Task<MembershipTableSnapshot> Beat(SiloAddress self, CancellationToken cancellation)
    {
        var read = await Read(cancellation);
        if (MembershipRules.MustEnd(read, self)) return read;
        var beat = store.TryBeat(self, read.ReadAt, ToItsEnd).WaitAsync(accessLimit, clock, cancellation);
        return await beat ? read : await Read(cancellation); // Somebody declared it dead in between.
    }

    /// <summary>Decides on what the table says now, and changes it; again when somebody else was faster.</summary>
    /// <param name="decide">Pure. Null: nothing is to be changed any more.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The view after the change; null when nothing was to be changed.</returns>
    /// <exception cref="OrleansException">The table could not be changed after many attempts.</exception>
    public async Task<MembershipTableSnapshot?> Change(
        Func<MembershipTableSnapshot, TableChange?> decide, CancellationToken cancellation)
    {
        Exception? last = null;
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (attempt > 0) await Task.Delay(ShortestPause * Math.Min(1 << attempt, 100), clock, cancellation);
            try
            {
                var read = await Read(cancellation);
                if (decide(read) is not { } change) return null;
                if (!await TryChange(read.Version, change, cancellation)) continue;
                var changed = MembershipRules.Apply(read, change);
                Offer(changed);
                return changed;
            }
            catch (Exception error) when (IsOutage(error))
            {
                // Whether it happened is unknown. The next round reads the table and sees.
                log.ChangeFailed(error);
                last = error;
            }
        }

        throw new OrleansException("The membership table could not be changed.", last!);
    }

    private (MembershipTableSnapshot Old, MembershipTableSnapshot New,
        Action<MembershipTableSnapshot, MembershipTableSnapshot>[] Observers)? NextNews()
    {
        lock (_lock)
        {
            if (_news.TryDequeue(out var news)) return (news.Old, news.New, [.. _observers]);
            _isTelling = false;
            return null;
        }
    }

    private Task<bool> TryChange(long version, TableChange change, CancellationToken cancellation) =>
        store.TryChange(version, change, ToItsEnd).WaitAsync(accessLimit, clock, cancellation);
}
