using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// Staged packs of this process: each is a lease that the gateway renews, until a prepare takes it out. Nothing here
/// outlives the process; what it leaves on disk is deleted at the replica's first use after a start.
/// </summary>
internal sealed class PackShelf(TimeProvider clock, TimeSpan lease)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(RepositoryId, TransactionId), Pack> _packs = [];

    /// <summary>Opens a lease for a pack that begins to arrive; null when the transaction has one already.</summary>
    /// <returns>Cancelled when the lease runs out or is dropped while the pack still arrives.</returns>
    public CancellationToken? Begin(RepositoryId repository, TransactionId transaction)
    {
        var pack = new Pack(clock.GetUtcNow() + lease);
        lock (_gate) return _packs.TryAdd((repository, transaction), pack) ? pack.Expiry.Token : null;
    }

    /// <summary>The pack has arrived and is good.</summary>
    /// <returns>Whether its lease still stood.</returns>
    public bool Complete(RepositoryId repository, TransactionId transaction)
    {
        lock (_gate)
        {
            if (!_packs.TryGetValue((repository, transaction), out var pack)) return false;
            (pack.State, pack.ExpiresAt) = (PackState.Ready, clock.GetUtcNow() + lease);
            return true;
        }
    }

    /// <summary>Prolongs a lease; false when there is none.</summary>
    public bool Renew(RepositoryId repository, TransactionId transaction)
    {
        lock (_gate)
        {
            if (!_packs.TryGetValue((repository, transaction), out var pack)) return false;
            pack.ExpiresAt = clock.GetUtcNow() + lease;
            return true;
        }
    }

    /// <summary>Takes a ready pack out of its lease, for a prepare; false when there is none.</summary>
    public bool Take(RepositoryId repository, TransactionId transaction)
    {
        lock (_gate)
        {
            if (!_packs.TryGetValue((repository, transaction), out var pack) || pack.State is not PackState.Ready)
                return false;
            pack.State = PackState.Taken;
            return true;
        }
    }

    /// <summary>Gives a pack its lease back: the prepare that took it holds nothing.</summary>
    public void PutBack(RepositoryId repository, TransactionId transaction)
    {
        lock (_gate)
            _packs[(repository, transaction)] = new Pack(clock.GetUtcNow() + lease) { State = PackState.Ready };
    }

    /// <summary>Forgets a pack: its promise is on disk, or it was deleted.</summary>
    public void Forget(RepositoryId repository, TransactionId transaction)
    {
        lock (_gate) _packs.Remove((repository, transaction));
    }

    /// <summary>Drops a lease that no prepare has taken. True when the caller must delete the pack.</summary>
    public bool Drop(RepositoryId repository, TransactionId transaction)
    {
        Pack? pack;
        lock (_gate)
        {
            if (!_packs.TryGetValue((repository, transaction), out pack) || pack.State is PackState.Taken) return false;
            _packs.Remove((repository, transaction));
        }
        // Outside the lock: whoever still receives it runs on this thread now.
        pack.Expiry.Cancel();
        return pack.State is PackState.Ready;
    }

    /// <summary>Leases that have run out.</summary>
    public IReadOnlyList<(RepositoryId Repository, TransactionId Transaction)> Expired()
    {
        var now = clock.GetUtcNow();
        lock (_gate)
            return [.. _packs.Where(p => p.Value.State is not PackState.Taken && p.Value.ExpiresAt <= now)
                .Select(p => p.Key)];
    }

    /// <summary>Whether this process has a pack of that transaction, in whatever state.</summary>
    public bool Has(RepositoryId repository, TransactionId transaction)
    {
        lock (_gate) return _packs.ContainsKey((repository, transaction));
    }

    private enum PackState
    {
        Receiving,
        Ready,
        Taken,
    }

    private sealed class Pack(DateTimeOffset expiresAt)
    {
        // Never disposed: it has no timer to free, and a drop may meet the end of the receiver that would do it.
        public CancellationTokenSource Expiry { get; } = new();
        public DateTimeOffset ExpiresAt { get; set; } = expiresAt;
        public PackState State { get; set; }
    }
}
