using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// Keeps this silo's view of the fleet up to date, and this silo's own row in it: beats, reads what changed, and ends
/// the sessions of silos that did not come back in time.
/// </summary>
internal sealed class FleetSync(
    FleetNodes nodes, SessionKeeper keeper, ISessionTable table, ViewSignal signal, SiloIdentity silo,
    IDeclaredDead declaredDead, TimeProvider clock, ILogger<FleetSync> log) : BackgroundService
{
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AwayPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan GoodbyeLimit = TimeSpan.FromSeconds(2);

    private TaskCompletionSource<bool> _next = NewRound();
    private bool _isAway;

    /// <summary>Reads the view for the first time: before it, every node would look gone.</summary>
    /// <exception cref="DbException">The database is away; a silo can't start without.</exception>
    public Task Prime(CancellationToken cancellation) => Read(cancellation);

    /// <summary>Registers this silo, just before its gateway opens: from then on it must beat.</summary>
    /// <exception cref="DbException">The database is away; a silo can't start without.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Register(cancellationToken);
        await Read(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Completes when the view holds all that was in the table when this was called. Cost: one read, shared with all
    /// who wait.
    /// </summary>
    /// <exception cref="TimeoutException">The database is away; the last view holds.</exception>
    public async Task CatchUp(CancellationToken cancellation)
    {
        // A read that has begun already may have begun too early.
        var round = Volatile.Read(ref _next).Task;
        signal.Request();
        if (!await round.WaitAsync(cancellation))
            throw new TimeoutException("The view of the fleet can't be brought up to date: the database is away.");
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(GoodbyeLimit, clock);
        try
        {
            // So that the others begin the grace of our nodes now, and not after our beats are missed.
            await table.Stop(silo.Run, limit.Token);
        }
        catch (Exception error) when (error is DbException or OperationCanceledException)
        {
            log.NotStopped(error);
        }
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Beat(stoppingToken), KeepReading(stoppingToken));

    private async Task Beat(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(BeatInterval, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                if (!await table.Beat(silo.Run, declaredDead.OwnAddress, stopping)) await Register(stopping);
            }
            catch (DbException)
            {
                // The reader says that the database is away; the next beat is the retry.
            }
        }
    }

    private async Task KeepReading(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            signal.Take();
            var round = Interlocked.Exchange(ref _next, NewRound());
            var succeeded = await Round(stopping);
            round.SetResult(succeeded);
            if (!succeeded) await Task.Delay(AwayPause, clock, stopping);
            else await WaitForWork(stopping);
        }
    }

    private async Task WaitForWork(CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(signal.Wait(either.Token), table.WaitForChange(either.Token));
        await either.CancelAsync();
        stopping.ThrowIfCancellationRequested();
    }

    /// <summary>One round: reads what changed, and writes what is over.</summary>
    /// <returns>Whether the database was there.</returns>
    internal async Task<bool> Round(CancellationToken stopping)
    {
        var ended = nodes.ListUnconfirmed();
        try
        {
            await Read(stopping);
            nodes.ConfirmEnds(ended);
            await EndWhatIsOver(stopping);
            if (_isAway) log.DatabaseIsBack();
            _isAway = false;
            return true;
        }
        catch (DbException error)
        {
            nodes.ConfirmEnds(ended);
            if (!_isAway) log.DatabaseIsAway(error);
            _isAway = true;
            return false;
        }
    }

    private async Task Read(CancellationToken cancellation)
    {
        var rows = await table.Read(nodes.Version, cancellation);
        var (doubted, silosChanged) = nodes.Apply(rows, declaredDead.Among(rows.Silos));
        keeper.Settle(doubted);
        if (silosChanged) keeper.WelcomeAll();
    }

    private async Task EndWhatIsOver(CancellationToken cancellation)
    {
        foreach (var row in nodes.ListOver())
        {
            log.NodeGone(row.Node, row.Epoch);
            await table.End(row.Node, row.Epoch, cancellation);
            signal.Request();
        }
    }

    /// <summary>Writes this silo's row.</summary>
    internal Task Register(CancellationToken cancellation) => table.Register(
        new SiloRow(
            silo.Run, silo.Name, declaredDead.OwnAddress, silo.Address, Environment.ProcessId, SiloIdentity.Version,
            silo.Since, 0, null), cancellation);

    private static TaskCompletionSource<bool> NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>What the engine's membership says of silos.</summary>
internal interface IDeclaredDead
{
    /// <summary>This silo's address in it, as text; empty before the engine has started.</summary>
    string OwnAddress { get; }

    /// <summary>Runs that it has declared dead. Cost: none, no I/O.</summary>
    IReadOnlySet<Guid> Among(ImmutableArray<SiloRow> silos);
}
