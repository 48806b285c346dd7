using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>A coordinator that says what a test wants it to, and remembers what it was asked.</summary>
internal sealed class ScriptedCoordinator : IRepositoryGrain
{
    public Func<BeginPush, BeginReply> OnBegin { get; init; } = _ => Participants();

    public Func<StagedPush, Task<PushReply>> OnPush { get; init; } = push => Task.FromResult(
        new PushReply(PushOutcome.Committed, 1, [.. push.Updates.Select(u => new RefResult(u.Name, null))], null));

    public Func<TransactionView> OnTransaction { get; init; } = () => new(TransactionOutcome.Unknown, null);

    public StagedPush? Pushed { get; private set; }

    public List<TransactionId> GivenUp { get; } = [];

    /// <summary>Three participants, all counting, of which two must take part.</summary>
    public static BeginReply Participants(params RefResult[] rejections) => new(
        Availability.Available, [.. Nodes.Select(n => new PushParticipant(n, null, true))], 2, [.. rejections]);

    public Task<BeginReply> Begin(BeginPush command, CancellationToken cancellation) =>
        Task.FromResult(OnBegin(command));

    public Task<PushReply> Push(StagedPush push, CancellationToken cancellation)
    {
        Pushed = push;
        return OnPush(push);
    }

    public Task GiveUp(TransactionId transaction, CancellationToken cancellation)
    {
        GivenUp.Add(transaction);
        return Task.CompletedTask;
    }

    public Task<TransactionView> GetTransaction(TransactionId transaction, CancellationToken cancellation) =>
        Task.FromResult(OnTransaction());

    public Task<CreateReply> Create(CreateRepository command, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task<RepositoryView?> GetView(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<RouteReply> Route(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<ResolveReply> Resolve(ResolveQuestion question, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task NodeChanged(NodeName node, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<bool> Wake(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<AcceptLossReply> AcceptLoss(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<DeleteOutcome> Delete(CancellationToken cancellation) => throw new NotSupportedException();
}
