using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Aedile.Grains.Repositories;

/// <summary>
/// Loads, decides, stores, tells. The rules are in the pure files beside it; <c>DESIGN.md</c> says why they hold. All
/// methods interleave: what must not, passes through the row's write loop or the order of writes.
/// </summary>
[Reentrant]
internal sealed class RepositoryGrain(
    [PersistentState("repository", "fleet")] IPersistentState<RepositoryState> store, IStorageNodes nodes,
    RepairSlots slots, LostRows lost, IOptions<RepositoryOptions> options, TimeProvider clock, ICrashPoints points,
    ILogger<RepositoryGrain> log) : Grain, IRepositoryGrain
{
    private RepositoryContext _context = null!;
    private Reconciler _reconciler = null!;
    private PushRun _pushes = null!;
    private SettleLoop _loop = null!;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var row = new RepositoryRow(store, RepositoryId.Parse(this.GetPrimaryKeyString()), log, Leave);
        _context = new RepositoryContext(row, nodes, options.Value, clock, points, log, Leave, Settle);
        _reconciler = new Reconciler(_context, slots);
        _loop = new SettleLoop(this, _reconciler);
        _pushes = new PushRun(_context);
        if (row.Durable.Status is RepositoryStatus.Unknown) return;
        // Before the first answer of any kind: an older activation's decision in flight loses from here on.
        await row.Write(RowChange.RaiseEpoch);
        await nodes.CatchUp(cancellationToken);
        Settle();
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        // It may go to another silo in the middle of a repair, where nobody calls it.
        if (_loop.HasWork) lost.Add(_context.Row.Id);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<CreateReply> Create(CreateRepository command, CancellationToken cancellation) =>
        new CreationRun(_context).Run(command, () => RepositoryViews.Of(_context, _reconciler));

    /// <inheritdoc/>
    public Task<RepositoryView?> GetView(CancellationToken cancellation) =>
        Task.FromResult(RepositoryViews.Of(_context, _reconciler));

    /// <inheritdoc/>
    public Task<RouteReply> Route(CancellationToken cancellation)
    {
        LeaveIfNotCreated();
        var facts = _context.Facts();
        var row = _context.Row.Durable;
        return Task.FromResult(new RouteReply(
            ReplicaSet.ForRead(row, facts), row.Newest?.Version ?? default, ReplicaSet.Serving(row, facts)));
    }

    /// <inheritdoc/>
    public Task<BeginReply> Begin(BeginPush command, CancellationToken cancellation)
    {
        LeaveIfNotCreated();
        return Task.FromResult(PushOpening.Begin(_context, command));
    }

    /// <inheritdoc/>
    public Task<PushReply> Push(StagedPush push, CancellationToken cancellation) => _pushes.Run(push, cancellation);

    /// <inheritdoc/>
    public Task GiveUp(TransactionId transaction, CancellationToken cancellation)
    {
        _context.Forsake(transaction);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ResolveReply> Resolve(ResolveQuestion question, CancellationToken cancellation) =>
        Task.FromResult(PromiseResolution.Resolve(
            _context.Row.Durable, question, _context.Row.HasGivenUp(question.Transaction)));

    /// <inheritdoc/>
    public Task<TransactionView> GetTransaction(TransactionId transaction, CancellationToken cancellation) =>
        new OutcomeQuestion(_context).Ask(transaction, cancellation);

    /// <inheritdoc/>
    public async Task NodeChanged(NodeName node, CancellationToken cancellation)
    {
        LeaveIfNotCreated();
        await nodes.CatchUp(cancellation);
        _context.Row.Forget(node);
        _reconciler.ForgetFailures(node);
        Settle();
    }

    /// <inheritdoc/>
    public async Task<bool> Wake(CancellationToken cancellation)
    {
        // A silo that ended may have had another activation, which overtook this one.
        if (await _context.Row.ReadEpochAgain() != _context.Row.Durable.Epoch) Leave();
        else Settle();
        return !_context.Row.IsBroken;
    }

    /// <inheritdoc/>
    public Task<AcceptLossReply> AcceptLoss(CancellationToken cancellation) => new LossRun(_context).Run();

    /// <inheritdoc/>
    public async Task<DeleteOutcome> Delete(CancellationToken cancellation)
    {
        if (_context.Row.Durable.Status is RepositoryStatus.Unknown) return DeleteOutcome.NotFound;
        if (_context.Row.Durable.Status is RepositoryStatus.Deleted) return DeleteOutcome.Deleted;
        await _context.Row.Write(RowChange.BeginDelete);
        if (await _reconciler.Delete()) return DeleteOutcome.Deleted;
        Settle();
        return DeleteOutcome.Deleting;
    }

    // What there was to do is the next activation's, which somebody must call.
    private void Leave()
    {
        lost.Add(_context.Row.Id);
        DeactivateOnIdle();
    }

    // Without an active repository nothing is written here, so that nothing would tell this activation that another
    // silo's has created it meanwhile: it would answer "not found" for as long as it lives.
    private void LeaveIfNotCreated()
    {
        if (_context.Row.Durable.Status is RepositoryStatus.Unknown or RepositoryStatus.Creating
            && !_context.Order.IsBusy)
            DeactivateOnIdle();
    }

    private void Settle()
    {
        if (_context.Row.Durable.Status is RepositoryStatus.Unknown or RepositoryStatus.Deleted) return;
        _loop.Signal();
    }
}
