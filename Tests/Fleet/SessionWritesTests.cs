using System.Data.Common;
using Aedile.Silo.Storage;
using Aedile.Silo.Storage.Fleet;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: changes of sessions that wait are committed together, and none suffers from its neighbours.</summary>
public sealed class SessionWritesTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new("writes");
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string What, long Version, DbConnection Transaction)> _written = [];
    private SessionWrites _writes = null!;

    public async ValueTask InitializeAsync()
    {
        var database = SiloDatabase.InFile(_folder["silo.db"]);
        await new SchemaMigrations(database, new ManualTime()).Apply(CancellationToken.None);
        _writes = new SessionWrites(database);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    // Holds the line up until the gate opens; what comes after this has returned waits.
    private async Task<Task> Hold(CancellationToken cancellation = default)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = _writes.Write((_, _, ct) =>
        {
            begun.TrySetResult();
            return _gate.Task.WaitAsync(ct);
        }, cancellation);
        await begun.Task;
        return held;
    }

    private Task Note(string what, CancellationToken cancellation = default) => _writes.Write(
        (connection, version, _) =>
        {
            _written.Add((what, version, connection));
            return Task.CompletedTask;
        }, cancellation);

    [Fact]
    public async Task Those_that_wait_are_committed_together_in_their_order_with_a_number_each()
    {
        var first = await Hold();
        var rest = Enumerable.Range(1, SessionWrites.TogetherMax + 1).Select(i => Note($"{i}")).ToList();
        _gate.SetResult();
        await first;
        await Task.WhenAll(rest);

        Assert.Equal(Enumerable.Range(1, rest.Count).Select(i => $"{i}"), _written.Select(w => w.What));
        Assert.Equal(
            Enumerable.Range(0, rest.Count).Select(i => _written[0].Version + i), _written.Select(w => w.Version));
        var transactions = _written.GroupBy(w => w.Transaction).Select(together => together.Count());
        Assert.Equal([SessionWrites.TogetherMax, 1], transactions);
    }

    [Fact]
    public async Task One_that_fails_fails_alone_and_the_others_are_written_without_it()
    {
        var first = await Hold();
        var before = Note("before");
        var wrong = _writes.Write(
            (connection, _, ct) => connection.Execute("INSERT INTO nowhere VALUES (1)", ct), CancellationToken.None);
        var after = Note("after");
        _gate.SetResult();
        await first;
        await Assert.ThrowsAnyAsync<DbException>(() => wrong);
        await Task.WhenAll(before, after);

        // What was written beside the wrong one was taken back with it.
        Assert.Equal(["before", "before", "after"], _written.Select(w => w.What));
        Assert.Equal(_written[1].Transaction, _written[2].Transaction);
        Assert.NotEqual(_written[0].Transaction, _written[1].Transaction);
        Assert.Equal(_written[1].Version + 1, _written[2].Version);
    }

    [Fact]
    public async Task One_that_gave_up_in_line_is_not_written()
    {
        using var patience = new CancellationTokenSource();
        var first = await Hold();
        var (impatient, other) = (Note("impatient", patience.Token), Note("other"));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        _gate.SetResult();
        await first;
        await other;
        Assert.Equal(["other"], _written.Select(w => w.What));
    }

    [Fact]
    public async Task A_database_that_says_nothing_is_given_up_when_the_last_one_gives_up()
    {
        using var patience = new CancellationTokenSource();
        var first = await Hold(patience.Token);
        var next = Note("next");
        Assert.False(next.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await next;
        Assert.Equal(["next"], _written.Select(w => w.What));
    }
}
