using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Grains.Repositories;
using Aedile.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories;

/// <summary>
/// Goal: the grain lives in a silo of whichever engine it was built with: contracts, values, timers and state through
/// the public API alone. Runs with <c>-p:Engine=Orleans</c> too.
/// </summary>
public sealed class HostedRepositoryTests : IAsyncLifetime
{
    private readonly IHost _host = Build();

    private IRepositoryGrain Grain =>
        _host.Services.GetRequiredService<IGrainFactory>().GetGrain<IRepositoryGrain>(Id.Value);

    public async ValueTask InitializeAsync() => await _host.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_repository_is_created_pushed_to_read_and_deleted()
    {
        var created = await Grain.Create(new CreateRepository(
            "default", RepositoryPath.Parse("hello"), "refs/heads/main", Nodes, DateTimeOffset.UnixEpoch));
        Assert.Equal(CreateOutcome.Created, created.Outcome);
        Assert.Equal(Nodes[0], created.View!.Primary);

        var update = Create("main", 1);
        var begun = await Grain.Begin(new BeginPush(Transaction(1), [update], Atomic: false));
        Assert.Equal((Availability.Available, 2), (begun.Availability, begun.Quorum));
        Assert.Equal(Nodes, begun.Participants.Select(p => p.Node));
        var pushed = await Grain.Push(new StagedPush(Transaction(1), [update], false, HasPack: true, Nodes));
        Assert.Equal((PushOutcome.Committed, 1L), (pushed.Outcome, pushed.Generation));
        Assert.Equal([new RefResult("refs/heads/main", null)], pushed.Results);

        Assert.Equal(
            new TransactionView(TransactionOutcome.Committed, 1), await Grain.GetTransaction(Transaction(1)));
        var route = await Grain.Route();
        Assert.Equal(new ReplicaVersion(1, Transaction(1)), route.Version);
        Assert.NotEmpty(route.Candidates);
        Assert.Equal(1, (await Grain.GetView())!.Version.Generation);

        Assert.Equal(DeleteOutcome.Deleted, await Grain.Delete());
        Assert.Null(await Grain.GetView());
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_never_created_is_not_found()
    {
        Assert.Null(await Grain.GetView());
        Assert.Equal(Availability.NotFound, (await Grain.Route()).Availability);
        Assert.Equal(DeleteOutcome.NotFound, await Grain.Delete());
    }

    private static IHost Build()
    {
        var port = PortRange.Take(2);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, port + 1);
            silo.UseSystemTextJsonGrainStorageSerializer();
            silo.AddMemoryGrainStorage("fleet");
        });
        builder.Services.AddRepositories();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ICrashPoints, NoCrashPoints>();
        builder.Services.AddSingleton<IStorageNodes, ObedientNodes>();
        return builder.Build();
    }

    /// <summary>Three nodes that are always there and do what they are told.</summary>
    private sealed class ObedientNodes : IStorageNodes
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<NodeName, ReplicaReport> _reports = [];

        public bool IsHealthy(NodeName node) => true;

        public Uri? GetEndpoint(NodeName node) => new("http://127.0.0.1:1");

        public Task<ReplicaReport> Report(NodeName node, RepositoryId repository, CancellationToken cancellation) =>
            Task.FromResult(Get(node));

        public Task<EntryReport> Entry(
            NodeName node, RepositoryId repository, TransactionId transaction, CancellationToken cancellation) =>
            Task.FromResult(new EntryReport(EntryOutcome.Unknown, null));

        public Task<CommandReply> Create(
            NodeName node, RepositoryId repository, CreateReplica command, CancellationToken cancellation) =>
            Become(node, new ReplicaReport(
                true, command.Version, RefChecksum.OfEmpty(command.DefaultBranch).ToString(), command.Token, null));

        public Task<PrepareReply> Prepare(
            NodeName node, RepositoryId repository, PrepareWrite command, CancellationToken cancellation)
        {
            var before = Get(node);
            var checksum = RefChecksum.Parse(before.Checksum!).After(command.Updates).ToString();
            var vote = PrepareVote.Compute(
                command.Transaction, command.Token, command.Base, command.Updates, checksum);
            var report = Set(node, before with
            {
                HighestToken = command.Token,
                Open = new OpenEntry(command.Transaction, command.Token, command.Base, false),
            });
            return Task.FromResult(new PrepareReply(CommandOutcome.Done, vote, [], report));
        }

        public Task<CommandReply> Commit(
            NodeName node, RepositoryId repository, CommitWrite command, CancellationToken cancellation) =>
            Become(node, new ReplicaReport(true, command.Version, command.Checksum, command.Token, null));

        public Task<CommandReply> Abort(
            NodeName node, RepositoryId repository, AbortWrite command, CancellationToken cancellation) =>
            Become(node, Get(node) with { Open = null });

        public Task<CommandReply> Repair(
            NodeName node, RepositoryId repository, RepairReplica command, CancellationToken cancellation) =>
            throw new StorageNodeException("Nothing here needs a repair.");

        public Task<CommandReply> Delete(
            NodeName node, RepositoryId repository, DeleteReplica command, CancellationToken cancellation) =>
            Become(node, new ReplicaReport(false, null, null, command.Token, null));

        private ReplicaReport Get(NodeName node)
        {
            lock (_lock)
                return _reports.GetValueOrDefault(node, new ReplicaReport(false, null, null, default, null));
        }

        private ReplicaReport Set(NodeName node, ReplicaReport report)
        {
            lock (_lock) return _reports[node] = report;
        }

        private Task<CommandReply> Become(NodeName node, ReplicaReport report) =>
            Task.FromResult(new CommandReply(CommandOutcome.Done, Set(node, report)));
    }
}
