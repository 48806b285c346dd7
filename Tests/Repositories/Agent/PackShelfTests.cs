using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>Goal: a staged pack is deleted once, by whoever may, and never while somebody else writes it.</summary>
public sealed class PackShelfTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly RepositoryId Repository = RepositoryId.Parse("00112233445566778899aabbccddeeff");
    private static readonly TransactionId Transaction = new(new Guid(1, 2, 3, new byte[8]));
    private readonly ManualTime _clock = new();
    private readonly PackShelf _shelf;

    public PackShelfTests() => _shelf = new PackShelf(_clock, Lease);

    [Fact]
    public void Pack_dropped_while_it_arrives_is_left_to_its_receiver()
    {
        var dropped = _shelf.Begin(Repository, Transaction)!.Value;
        Assert.False(_shelf.Drop(Repository, Transaction));
        Assert.True(dropped.IsCancellationRequested);
        Assert.False(_shelf.Complete(Repository, Transaction));
        Assert.False(_shelf.Renew(Repository, Transaction));
        Assert.Null(_shelf.Begin(Repository, Transaction)); // Its files are still being deleted.
        _shelf.Spoil(Repository, Transaction);
        _shelf.Forget(Repository, Transaction);
        Assert.NotNull(_shelf.Begin(Repository, Transaction));
    }

    [Fact]
    public void Pack_that_is_being_deleted_is_deleted_by_nobody_else()
    {
        _shelf.Begin(Repository, Transaction);
        _shelf.Spoil(Repository, Transaction);
        Assert.False(_shelf.Take(Repository, Transaction));
        Assert.False(_shelf.Drop(Repository, Transaction));
        _clock.Advance(2 * Lease);
        Assert.Empty(_shelf.Expired());
        _shelf.Forget(Repository, Transaction);
        Assert.NotNull(_shelf.Begin(Repository, Transaction));
    }

    [Fact]
    public void Pack_whose_deletion_failed_is_found_by_each_sweep_and_never_prepared()
    {
        _shelf.Begin(Repository, Transaction);
        _shelf.Spoil(Repository, Transaction);
        for (var sweep = 0; sweep < 2; sweep++)
        {
            _shelf.Leave(Repository, Transaction);
            Assert.False(_shelf.Take(Repository, Transaction));
            Assert.Equal([(Repository, Transaction)], _shelf.Expired());
            Assert.True(_shelf.Drop(Repository, Transaction));
            Assert.Empty(_shelf.Expired());
        }
        _shelf.Forget(Repository, Transaction);
        Assert.Empty(_shelf.Expired());
    }

    [Fact]
    public void Taken_pack_outlives_its_lease_and_any_drop()
    {
        _shelf.Begin(Repository, Transaction);
        Assert.True(_shelf.Complete(Repository, Transaction));
        Assert.True(_shelf.Take(Repository, Transaction));
        _clock.Advance(2 * Lease);
        Assert.Empty(_shelf.Expired());
        Assert.False(_shelf.Drop(Repository, Transaction));
        _shelf.PutBack(Repository, Transaction);
        Assert.Empty(_shelf.Expired());
        _clock.Advance(Lease);
        Assert.Equal([(Repository, Transaction)], _shelf.Expired());
        Assert.True(_shelf.Drop(Repository, Transaction));
    }
}
