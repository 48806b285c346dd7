using System.Reflection;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Model;
using Aedile.Silo.Storage.Model;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Model;

/// <summary>Goal: a replica hears from whoever is the sequencer, on a clock that stands still.</summary>
public sealed class ReplicaSyncTests
{
    private readonly ManualTime _clock = new(Now);
    private readonly MemoryJournal _journal = new();

    // Its followers are told nothing until they ask: a database that is then away leaves them behind.
    [Fact(Timeout = 30_000)]
    public async Task A_new_sequencer_is_followed_as_soon_as_its_epoch_is_seen()
    {
        var grains = DispatchProxy.Create<IGrainFactory, OneSequencer>();
        var follows = ((OneSequencer)(object)grains).Follows;
        var sync = new ReplicaSync(
            new ModelReplica(_journal, _clock), _journal, new NoSnapshots(), grains, _clock,
            NullLogger<ReplicaSync>.Instance);
        await sync.Load(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var running = sync.Run(stop.Token);
        Assert.True(await follows.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        await _journal.TryClaim(_journal.Head, TestContext.Current.CancellationToken);
        sync.LookNow();
        Assert.True(await follows.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private sealed class NoSnapshots : IModelSnapshots
    {
        public Task<long> NewestIndex(CancellationToken cancellation) => Task.FromResult(0L);

        public Task<ModelState?> ReadNewest(CancellationToken cancellation) => Task.FromResult<ModelState?>(null);

        public Task<bool> Write(ModelState state, long kept, CancellationToken cancellation) => Task.FromResult(false);
    }

    /// <summary>Stands for the grain factory and for the one grain that is asked of it.</summary>
    public class OneSequencer : DispatchProxy
    {
        /// <summary>One for each call of <see cref="IModelGrain.Follow"/>.</summary>
        internal SemaphoreSlim Follows { get; private set; } = new(0);

        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(IGrainFactory.CreateObjectReference):
                    return args![0];
                case nameof(IGrainFactory.GetGrain):
                    var grain = Create<IModelGrain, OneSequencer>();
                    ((OneSequencer)(object)grain).Follows = Follows;
                    return grain;
                case nameof(IModelGrain.Follow):
                    Follows.Release();
                    return Task.FromResult(0L);
                default:
                    throw new NotSupportedException(targetMethod.Name);
            }
        }
    }
}
