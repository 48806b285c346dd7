using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// Staged packs of this process: each is a lease that the gateway renews, until a prepare takes it out. Nothing here
/// outlives the process; what it leaves on disk is deleted at the replica's first use after a start.
/// </summary>
internal sealed class PackShelf(TimeProvider clock, TimeSpan lease)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(RepositoryId Repository, TransactionId Transaction), Pack> _packs = [];

    /// <summary>Opens a lease for a pack that begins to arrive; null when the transaction has one already.</summary>
    /// <returns>Cancelled when the pack is dropped while it still arrives.</returns>
    public CancellationToken? Begin(RepositoryId repository, TransactionId transaction)
    {
        var pack = new Pack(clock.GetUtcNow() + lease);
        lock (_gate) return _packs.TryAdd((repository, transaction), pack) ? pack.Dropped.Token : null;
    }

    /// <summary>The pack has arrived and is good.</summary>
    /// <returns>Whether its lease still stood.</returns>
    public bool Complete(RepositoryId repository, TransactionId transaction)
    {
        lock (_gate)
        {
            if (_packs[(repository, transaction)] is not { State: PackState.Receiving } pack) return false;
            (pack.State, pack.ExpiresAt) = (PackState.Ready, clock.GetUtcNow() + lease);
            return true;
        }
    }

    /// <summary>The pack has not arrived, or is bad, or was dropped meanwhile: the caller deletes it now.</summary>
    public void Spoil(RepositoryId repository, TransactionId transaction) =>
        Turn(repository, transaction, PackState.Deleting);

    /// <summary>The caller could not delete the pack: the next sweep does.</summary>
    public void Leave(RepositoryId repository, TransactionId transaction) =>
        Turn(repository, transaction, PackState.Left);

    /// <summary>Prolongs a lease; false when there is none.</summary>
    public bool Renew(RepositoryId repository, TransactionId transaction)
    {
        lock (_gate)
        {
            if (!_packs.TryGetValue((repository, transaction), out var pack) || pack.IsDropped) return false;
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

    /// <summary>
    /// Drops a lease that no prepare has taken. True when the caller must delete the pack, and forget or leave it: it
    /// alone does. A pack that still arrives is deleted by whoever receives it, who hears of this by its token.
    /// </summary>
    public bool Drop(RepositoryId repository, TransactionId transaction)
    {
        Pack? pack;
        lock (_gate)
        {
            if (!_packs.TryGetValue((repository, transaction), out pack)) return false;
            if (pack.State is PackState.Ready or PackState.Left)
            {
                pack.State = PackState.Deleting;
                return true;
            }
            if (pack.State is not PackState.Receiving) return false;
            pack.State = PackState.Abandoned;
        }
        // Outside the lock: whoever receives it may go on on this thread now.
        pack.Dropped.Cancel();
        return false;
    }

    /// <summary>Transactions whose packs are to be dropped: their leases have run out, or they were left.</summary>
    public IReadOnlyList<(RepositoryId Repository, TransactionId Transaction)> Expired()
    {
        var now = clock.GetUtcNow();
        lock (_gate)
            return [.. _packs.Where(p => p.Value.State is PackState.Left
                    || p.Value.State is PackState.Receiving or PackState.Ready && p.Value.ExpiresAt <= now)
                .Select(p => p.Key)];
    }

    /// <summary>Transactions of one repository that have a pack here, in whatever state.</summary>
    public IReadOnlyList<TransactionId> Of(RepositoryId repository)
    {
        lock (_gate) return [.. _packs.Keys.Where(k => k.Repository == repository).Select(k => k.Transaction)];
    }

    private void Turn(RepositoryId repository, TransactionId transaction, PackState state)
    {
        lock (_gate) _packs[(repository, transaction)].State = state;
    }

    private enum PackState
    {
        Receiving,

        // Dropped while it arrives: its receiver deletes it.
        Abandoned,
        Ready,
        Taken,

        // Somebody deletes it now.
        Deleting,

        // It is to be deleted, and nobody does.
        Left,
    }

    private sealed class Pack(DateTimeOffset expiresAt)
    {
        // Never disposed: it has no timer, and whoever drops the pack may still hold it when its receiver is gone.
        public CancellationTokenSource Dropped { get; } = new();
        public DateTimeOffset ExpiresAt { get; set; } = expiresAt;
        public PackState State { get; set; }
        public bool IsDropped => State is PackState.Abandoned or PackState.Deleting or PackState.Left;
    }
}
