using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Repositories;

public sealed class RepositoryRowTests
{
    [Fact]
    public async Task After_an_ambiguous_write_no_command_leaves_the_activation()
    {
        var store = new BrokenStore();
        var isEnding = false;
        var row = new RepositoryRow(
            store, RepositoryId.From(Guid.Empty), NullLogger.Instance, () => isEnding = true);
        row.NextToken();

        // The next push in the queue would otherwise be prepared on the row before the write, which may have decided.
        await Assert.ThrowsAsync<IOException>(() => row.Write(RowChange.RaiseEpoch));

        Assert.Throws<InvalidOperationException>(() => row.NextToken());
        await Assert.ThrowsAsync<InvalidOperationException>(() => row.Write(RowChange.RaiseEpoch));
        Assert.True(isEnding);
        Assert.Equal(1, store.Writes);
        Assert.Equal(0, row.Durable.Epoch);
    }

    private sealed class BrokenStore : IPersistentState<RepositoryState>
    {
        public RepositoryState State { get; set; } = new();

        public string? Etag => null;

        public bool RecordExists => false;

        public int Writes { get; private set; }

        public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

        public Task WriteStateAsync(CancellationToken cancellationToken)
        {
            Writes++;
            throw new IOException("The connection broke; the outcome is unknown.");
        }

        public Task ReadStateAsync() => Task.CompletedTask;

        public Task ReadStateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task ClearStateAsync() => Task.CompletedTask;

        public Task ClearStateAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
