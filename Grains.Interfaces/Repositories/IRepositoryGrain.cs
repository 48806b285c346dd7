using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Orleans.Concurrency;

namespace Aedile.Grains.Interfaces.Repositories;

/// <summary>
/// The only coordinator of one repository: routes reads, orders and decides writes, schedules repair.
/// Key: <see cref="RepositoryId"/> as text. Packs don't pass through it: the gateway streams them to the agents.
/// </summary>
[Alias("repository")]
public interface IRepositoryGrain : IGrainWithStringKey
{
    /// <summary>Creates the repository on its nodes. Idempotent for equal arguments.</summary>
    /// <returns>
    /// <see cref="CreateOutcome.Created"/> when enough replicas have it durably;
    /// <see cref="CreateOutcome.TooFewNodes"/> when they could not be reached: call again, it goes on where it stopped.
    /// </returns>
    [Alias("create"), AlwaysInterleave, ResponseTimeout("00:00:30")]
    Task<CreateReply> Create(CreateRepository command, CancellationToken cancellation = default);

    /// <summary>The repository as of its last durable write, with what its nodes report. Cost: no I/O.</summary>
    /// <returns>Null when it was never created or is deleted.</returns>
    [Alias("view"), AlwaysInterleave]
    Task<RepositoryView?> GetView(CancellationToken cancellation = default);

    /// <summary>Says which replicas may serve a read now. Cost: no I/O.</summary>
    [Alias("route"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<RouteReply> Route(CancellationToken cancellation = default);

    /// <summary>Opens a push: checks state and policy, names the nodes to stage to. Writes nothing.</summary>
    [Alias("begin"), AlwaysInterleave, ResponseTimeout("00:00:10")]
    Task<BeginReply> Begin(BeginPush command, CancellationToken cancellation = default);

    /// <summary>
    /// Orders, prepares, decides and commits a staged push. Answers after the decision is durable and one replica has
    /// applied it, or 5 s after the decision.
    /// </summary>
    /// <param name="push">What was staged, and where.</param>
    /// <param name="cancellation">
    /// Stops the wait only; the outcome can be asked for with <see cref="GetTransaction"/>.
    /// </param>
    /// <exception cref="TimeoutException">Nothing is known; ask for the transaction.</exception>
    [Alias("push"), AlwaysInterleave, ResponseTimeout("00:02:00")]
    Task<PushReply> Push(StagedPush push, CancellationToken cancellation = default);

    /// <summary>The gateway gives a push up before it called <see cref="Push"/>. Idempotent.</summary>
    [Alias("give-up"), AlwaysInterleave]
    Task GiveUp(TransactionId transaction, CancellationToken cancellation = default);

    /// <summary>What became of a promise, for the replica that asks. Cost: no I/O.</summary>
    [Alias("resolve"), AlwaysInterleave, ResponseTimeout("00:00:05")]
    Task<ResolveReply> Resolve(ResolveQuestion question, CancellationToken cancellation = default);

    /// <summary>Outcome of one write; older than the last 256, the replicas are asked.</summary>
    [Alias("transaction"), AlwaysInterleave]
    Task<TransactionView> GetTransaction(TransactionId transaction, CancellationToken cancellation = default);

    /// <summary>A node's session came or went: look at its replica again, repair it if need be.</summary>
    [Alias("node-changed"), AlwaysInterleave]
    Task NodeChanged(NodeName node, CancellationToken cancellation = default);

    /// <summary>
    /// Takes up what an activation left that lost its row, or ended with its silo. Cost: reads the row.
    /// </summary>
    /// <returns>False from an activation that lost its row itself and is ending: call again.</returns>
    [Alias("wake"), AlwaysInterleave]
    Task<bool> Wake(CancellationToken cancellation = default);

    /// <summary>
    /// Goes on after the database went back (<c>registry-regressed</c>) or with accepted loss of data: the healthy
    /// replica with the highest generation becomes the truth, above every generation ever decided.
    /// </summary>
    [Alias("accept-loss"), AlwaysInterleave, ResponseTimeout("00:00:30")]
    Task<AcceptLossReply> AcceptLoss(CancellationToken cancellation = default);

    /// <summary>Deletes the repository on all nodes; one that is away deletes its replica when it returns.</summary>
    [Alias("delete"), AlwaysInterleave, ResponseTimeout("00:00:30")]
    Task<DeleteOutcome> Delete(CancellationToken cancellation = default);
}
