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

    [Fact(Timeout = 60_000)]
    public async Task A_repair_lets_a_push_go_first_that_had_to_leave_its_replica_out()
    {
        var nodes = _host.Services.GetRequiredService<ObedientNodes>();
        await Grain.Create(new CreateRepository(
            "default", RepositoryPath.Parse("hello"), "refs/heads/main", Nodes, DateTimeOffset.UnixEpoch));
        var (fetching, preparing) = (new HeldCalls(), new HeldCalls());
        (nodes.Fetching, nodes.Preparing) = (fetching, (Transaction(2), preparing));
        await PushTo(1, Node(1), Node(2));
        await fetching.Reached;
        var holdsTheTurn = PushTo(2, Node(1), Node(2));
        await preparing.Reached;
        fetching.Release();
        // Begun for all three from the moment when the repair waits for its turn.
        await Eventually.True("storage-3 has joined", TimeSpan.FromSeconds(10), async () =>
            (await Begin(3)).Participants.Any(p => p.Node == Node(3)));

        var leavesOut = Grain.Push(new StagedPush(Transaction(3), [Create("b3", 3)], false, true, [Node(1), Node(2)]));
        // Calls of one caller come in order: answered, the push before it was taken.
        await Grain.Route();
        preparing.Release();
        Assert.Equal(PushOutcome.Committed, (await holdsTheTurn).Outcome);
        Assert.Equal(PushOutcome.Committed, (await leavesOut).Outcome);
        await Eventually.True(
            "storage-3 is repaired", TimeSpan.FromSeconds(10),
            () => Task.FromResult(nodes.Done.Contains("storage-3 repaired")));
        Assert.Equal(
            ["storage-1 commits 1", "storage-1 commits 2", "storage-1 commits 3", "storage-3 repaired"],
            nodes.Done.Where(what => !what.StartsWith("storage-2", StringComparison.Ordinal)));
    }

    private Task<BeginReply> Begin(int number) =>
        Grain.Begin(new BeginPush(Transaction(number), [Create($"b{number}", number)], Atomic: false));

    private async Task<PushReply> PushTo(int number, params NodeName[] staged)
    {
        await Begin(number);
        return await Grain.Push(new StagedPush(
            Transaction(number), [Create($"b{number}", number)], false, HasPack: true, [.. staged]));
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
        builder.Services.AddSingleton<ObedientNodes>()
            .AddSingleton<IStorageNodes>(services => services.GetRequiredService<ObedientNodes>());
        return builder.Build();
    }
}
