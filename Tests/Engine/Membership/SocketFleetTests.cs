using System.Collections.Concurrent;
using System.Data.Common;
using Aedile.Engine.Hosting;
using Aedile.Engine.Membership;
using Aedile.Engine.Runtime;
using Aedile.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Aedile.Tests.Engine.Membership;

/// <summary>Goal: three silos over real sockets and one SQLite file are a fleet: in real time, as it ships.</summary>
public sealed class SocketFleetTests : IAsyncLifetime
{
    private const string Invariant = "Microsoft.Data.Sqlite";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TestFolder _folder = new("socket-fleet");
    private readonly Stage _stage = new();
    private readonly int _ports = PortRange.Take(10);
    private readonly List<SiloHost> _silos = [];
    private readonly ConcurrentBag<string> _ended = [];

    private string ConnectionString => $"Data Source={_folder["fleet.db"]}";

    public ValueTask InitializeAsync()
    {
        DbProviderFactories.RegisterFactory(Invariant, SqliteFactory.Instance);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            silo.Crash();
            await silo.DisposeAsync();
        }

        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task Three_silos_agree_and_a_grain_is_the_same_one_from_everywhere()
    {
        await StartThree();
        for (var key = 0; key < 30; key++)
        {
            var sums = new List<int>();
            foreach (var silo in _silos) sums.Add(await Tally(silo, key).Add(1));
            Assert.Equal([1, 2, 3], sums);
        }

        var hosts = await Management(_silos[1]).GetHosts(onlyActive: true);
        Assert.Equal(3, hosts.Count);
        var counts = await Management(_silos[2]).GetSimpleGrainStatistics();
        Assert.Equal(3, counts.Length);
        Assert.Equal(30, counts.Sum(count => count.ActivationCount));
        Assert.Equal(30, await Management(_silos[0]).GetTotalActivationCount());
        Assert.Equal(30, (await Management(_silos[0]).GetDetailedGrainStatistics()).Length);
    }

    [Fact]
    public async Task After_a_silo_was_killed_calls_to_all_grains_succeed_soon()
    {
        await StartThree();
        for (var key = 0; key < 30; key++) await Tally(_silos[0], key).Add(1);
        var began = TimeProvider.System.GetTimestamp();
        _silos[2].Crash();
        foreach (var key in Enumerable.Range(0, 30)) await AddSoon(_silos[0], key);
        var took = TimeProvider.System.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper!.WriteLine($"all grains answer after {took.TotalMilliseconds:0} ms");
        Assert.True(took < TimeSpan.FromSeconds(5), $"took {took}");
    }

    [Fact]
    public async Task A_graceful_stop_loses_no_call()
    {
        await StartThree();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 20).Select(key => Count(_silos[key % 2], key, stop.Token)).ToList();
        while (_silos[2].Activations == 0) await Task.Yield();
        await _silos[2].Stop(CancellationToken.None);
        Assert.Equal(0, _silos[2].Activations);
        await stop.CancelAsync();
        var made = await Task.WhenAll(callers);
        Assert.All(made, calls => Assert.True(calls > 0));
    }

    [Fact]
    public async Task A_silo_that_joins_takes_its_share()
    {
        _silos.Add(await Start(0));
        for (var key = 0; key < 60; key++) await Tally(_silos[0], key).Add(1);
        _silos.Add(await Start(1));
        for (var key = 0; key < 60; key++) await AddSoon(_silos[key % 2], key);
        Assert.InRange(_silos[1].Activations, 10, 50);
        Assert.Equal(60, _silos.Sum(silo => silo.Activations));
    }

    [Fact]
    public async Task A_client_finds_the_gateways_in_the_table_and_outlives_the_one_it_uses()
    {
        await StartThree();
        using var host = await StartClient();
        var grains = host.Services.GetRequiredService<IClusterClient>();
        for (var key = 0; key < 30; key++) Assert.Equal(1, await grains.GetGrain<ITallyGrain>($"t{key}").Add(1));
        Assert.All(_silos, silo => Assert.NotEqual(0, silo.Activations));

        _silos[0].Crash();
        foreach (var key in Enumerable.Range(0, 30))
        {
            await Eventually.Value(
                $"a call to t{key}", Limit, async () => (object)await grains.GetGrain<ITallyGrain>($"t{key}").Add(1));
        }

        await host.StopAsync();
    }

    [Fact]
    public async Task A_clients_numbers_of_the_fleet_are_those_of_its_silos()
    {
        await StartThree();
        using var host = await StartClient();
        var grains = host.Services.GetRequiredService<IClusterClient>();
        for (var key = 0; key < 30; key++) await grains.GetGrain<ITallyGrain>($"t{key}").Add(1);
        var (ours, theirs) = (Management(_silos[0]), grains.GetGrain<IManagementGrain>(0));
        Assert.Equal(await ours.GetHosts(), await theirs.GetHosts());
        var (host0, same) = ((await ours.GetDetailedHosts())[0], (await theirs.GetDetailedHosts())[0]);
        Assert.Equal(
            (host0.SiloAddress, host0.Status, host0.ProxyPort, host0.HostName, host0.SiloName, host0.StartTime),
            (same.SiloAddress, same.Status, same.ProxyPort, same.HostName, same.SiloName, same.StartTime));
        Assert.Equal(30, await theirs.GetTotalActivationCount());
        var counts = await theirs.GetSimpleGrainStatistics();
        Assert.Equal(3, counts.Length);
        var one = Assert.Single(await theirs.GetSimpleGrainStatistics([counts[1].SiloAddress]));
        Assert.Equal(counts[1].ActivationCount, one.ActivationCount);
        var all = await theirs.GetDetailedGrainStatistics([typeof(TallyGrain).FullName!]);
        Assert.Equal(30, all.Select(found => found.GrainId).Distinct().Count());
        Assert.Empty(await theirs.GetDetailedGrainStatistics(["nobody"]));
        foreach (var found in all)
        {
            Assert.Equal(
                found.SiloAddress,
                await theirs.GetActivationAddress(grains.GetGrain<ITallyGrain>(found.GrainId.Key.ToString())));
        }

        _silos[0].Crash();
        await Eventually.True(
            "two hosts", Limit, async () => (await theirs.GetHosts(onlyActive: true)).Count == 2);
        await theirs.ForceActivationCollection(TimeSpan.Zero);
        await Eventually.True("no activation", Limit, async () => await theirs.GetTotalActivationCount() == 0);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_database_that_can_not_be_reached_is_a_clear_error()
    {
        var error = await Assert.ThrowsAsync<OrleansException>(() => Start(0, "Data Source=/nonexistent/fleet.db"));
        Assert.Contains("default", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_of_another_fleet_in_the_same_database_are_strangers()
    {
        _silos.Add(await Start(0));
        _silos.Add(await Start(1, fleet: "other"));
        Assert.Single(await Management(_silos[0]).GetHosts());
        Assert.Single(await Management(_silos[1]).GetHosts());
    }

    [Fact]
    public async Task A_silo_that_learns_that_it_is_dead_ends_and_says_why()
    {
        await StartThree();
        var store = (AdoNetMembershipStore)_silos[0].Services.GetRequiredService<IMembershipStore>();
        var victim = _silos[1].Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        var table = await store.Read(CancellationToken.None);
        var vote = new Suspicion(table.Entries[0].Address, table.ReadAt);
        var row = table.Find(victim)! with { Status = SiloStatus.Dead, Suspicions = [vote] };
        Assert.True(await store.TryChange(table.Version, new TableChange.Update(row), CancellationToken.None));
        await Eventually.True("the end of the silo", Limit, () => Task.FromResult(!_ended.IsEmpty));
        var tally = Tally(_silos[1], 1);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => tally.Add(1));
        foreach (var key in Enumerable.Range(0, 30)) await AddSoon(_silos[0], key);
    }

    [Fact]
    public async Task An_address_in_use_is_a_clear_error_and_leaves_nothing_in_the_table()
    {
        _silos.Add(await Start(0));
        var error = await Assert.ThrowsAsync<OrleansException>(() => Start(0));
        Assert.Contains($"{_ports}", error.Message, StringComparison.Ordinal);
        Assert.Single(await Management(_silos[0]).GetHosts());
    }

    private static ITallyGrain Tally(SiloHost silo, int key) => silo.Grains.GetGrain<ITallyGrain>($"t{key}");

    private static IManagementGrain Management(SiloHost silo) => silo.Grains.GetGrain<IManagementGrain>(0);

    private static async Task AddSoon(SiloHost silo, int key) => await Eventually.Value(
        $"a call to t{key}", Limit, async () => (object)await Tally(silo, key).Add(1));

    // One call after the other; every one of them must succeed.
    private static async Task<int> Count(SiloHost silo, int key, CancellationToken stop)
    {
        var calls = 0;
        for (; !stop.IsCancellationRequested; calls++) await Tally(silo, key).Add(1);
        return calls;
    }

    private async Task<IHost> StartClient()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client => client.UseAdoNetClustering(options =>
            (options.Invariant, options.ConnectionString) = (Invariant, ConnectionString)));
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task StartThree()
    {
        for (var number = 0; number < 3; number++) _silos.Add(await Start(number));
    }

    private async Task<SiloHost> Start(int number, string? database = null, string fleet = "default")
    {
        var seams = new SiloSeams { Parts = [typeof(SocketFleetTests).Assembly], MustEnd = _ended.Add };
        var host = SiloHost.Build(seams, silo =>
        {
            silo.Services.AddSingleton(_stage);
            silo.AddMemoryGrainStorageAsDefault();
            silo.ConfigureEndpoints(System.Net.IPAddress.Loopback, _ports + number, _ports + 5 + number);
            silo.Configure<ClusterOptions>(options => options.ClusterId = fleet);
            silo.Configure<SiloOptions>(options => options.SiloName = $"silo-{number}");
            silo.UseAdoNetClustering(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = database ?? ConnectionString;
            });
        });
        try
        {
            await host.Start(CancellationToken.None);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }
}
