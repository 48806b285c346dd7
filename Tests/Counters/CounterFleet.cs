using System.Collections.Immutable;
using System.Data.Common;
using System.Net;
using Aedile.Silo.Engines;
using Aedile.Silo.Storage;
using Aedile.Tests.Support;
using Aedile.Tests.Support.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Orleans.Configuration;

namespace Aedile.Tests.Counters;

/// <summary>Counter silos as processes over one database, a client, and the load of many callers.</summary>
internal sealed class CounterFleet : IAsyncDisposable
{
    private const int KeyCount = 40;

    // The place of no silo: at most four are launched where this is used.
    private const int Elsewhere = 4;

    private readonly ImmutableDictionary<string, string> _variables;
    private readonly int _firstPort = PortRange.Take(20);
    private readonly List<CounterProcess> _silos = [];
    private CancellationTokenSource _over = new();
    private readonly List<Task> _callers = [];
    private readonly string _connection;
    private readonly Func<string, int, string, ImmutableDictionary<string, string>>? _join;
    private int _launched;
    private IHost? _client;

    private CounterFleet(
        string connection, Func<string, int, string, ImmutableDictionary<string, string>>? join)
    {
        (_connection, _join) = (connection, join);
        _variables = ImmutableDictionary<string, string>.Empty.Add(CounterSilo.ConnectionVariable, connection);
    }

    public static TimeProvider Clock => TimeProvider.System;

    public CounterLedger Ledger { get; } = new(Clock);

    /// <summary>The keys of all counters.</summary>
    public static IEnumerable<string> Keys => Enumerable.Range(0, KeyCount).Select(Key);

    /// <summary>The silos that were launched, in their order.</summary>
    public IReadOnlyList<CounterProcess> Silos => _silos;

    /// <param name="connection">The database.</param>
    /// <param name="silos">How many.</param>
    /// <param name="join">
    /// Puts a silo, by name, port and database, behind a network; returns what its process must be told. Null: nothing
    /// is between them.
    /// </param>
    public static async Task<CounterFleet> Start(
        string connection, int silos, Func<string, int, string, ImmutableDictionary<string, string>>? join = null)
    {
        var fleet = new CounterFleet(connection, join);
        try
        {
            await HostedEngine.Prepare(SiloDatabase.OnPostgres(connection), CancellationToken.None);
            for (var i = 0; i < silos; i++) fleet.Launch();
            await Task.WhenAll(fleet._silos.Select(silo => silo.WhenReady()));
            fleet._client = await fleet.NewClient();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more silo, on ports of its own.</summary>
    /// <param name="variables">What is special about it.</param>
    public CounterProcess Launch(params (string Name, string Value)[] variables) => Launch(_launched++, variables);

    /// <summary>Starts a silo again on the ports that it had.</summary>
    public CounterProcess Relaunch(CounterProcess ended) => Launch(_silos.IndexOf(ended), []);

    /// <summary>Starts a process at the addresses of a silo that runs already.</summary>
    public CounterProcess LaunchTwin(CounterProcess silo)
    {
        var place = _silos.IndexOf(silo);
        return CounterProcess.Launch($"twin of {silo.Name}", SiloPort(place), Gateway(place), _variables);
    }

    /// <summary>Starts a process that says it is where another silo is, and listens elsewhere.</summary>
    public CounterProcess LaunchAtAnotherPort(CounterProcess silo)
    {
        var place = _silos.IndexOf(silo);
        return CounterProcess.Launch(
            $"double of {silo.Name}", SiloPort(place), Gateway(Elsewhere),
            _variables.SetItem(CounterSilo.ListenVariable, $"{SiloPort(Elsewhere)}"));
    }

    /// <summary>Where silos look for one of them.</summary>
    public int SiloPort(int place) => _firstPort + (2 * place);

    /// <summary>Where clients look for a silo.</summary>
    public int Gateway(int place) => _firstPort + (2 * place) + 1;

    /// <summary>Starts one more client; the caller disposes it.</summary>
    /// <param name="place">The silo whose gateway is the only one that it knows; null: it finds them all.</param>
    public async Task<IHost> NewClient(int? place = null)
    {
        DbProviderFactories.RegisterFactory(CounterSilo.Invariant, NpgsqlFactory.Instance);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.UseOrleansClient(client =>
        {
            Leniency.Tune(client);
            client.Configure<ClusterOptions>(
                o => (o.ClusterId, o.ServiceId) = (CounterSilo.Cluster, CounterSilo.Cluster));
            if (place is { } only) client.UseStaticClustering(new IPEndPoint(IPAddress.Loopback, Gateway(only)));
            else
            {
                client.UseAdoNetClustering(o =>
                    (o.Invariant, o.ConnectionString) = (CounterSilo.Invariant, _connection));
            }
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public ICounterGrain Counter(string key) =>
        _client!.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>(key);

    /// <summary>
    /// Callers add to all counters from now on, each one call after the other; again, after a judgement.
    /// </summary>
    public void Load(int callers)
    {
        if (_over.IsCancellationRequested)
        {
            _over.Dispose();
            _over = new CancellationTokenSource();
        }

        for (var i = 0; i < callers; i++) _callers.Add(Call(i, _over.Token));
    }

    /// <summary>Waits until so many more calls were answered; the fleet serves.</summary>
    public Task WhenAnswered(int more, TimeSpan limit)
    {
        var goal = Ledger.Count + more;
        return Eventually.True($"{more} more calls are answered", limit, () => Ledger.Count >= goal
            ? Task.FromResult(true)
            : throw new InvalidOperationException($"{Ledger.Failures.LastOrDefault()?.Error}"));
    }

    /// <summary>Waits until every counter has answered once more; no share of the fleet is missing.</summary>
    /// <param name="limit">The test fails after that.</param>
    /// <param name="butNot">The silo whose answers don't count.</param>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> WhenAllAnswer(TimeSpan limit, CounterProcess? butNot = null)
    {
        var began = Clock.GetTimestamp();
        await WhenAllAnswer(began, limit, butNot?.Name);
        return Clock.GetElapsedTime(began);
    }

    /// <summary>Ends the load and judges every answer that was given.</summary>
    public async Task MustHaveLostNothing()
    {
        await EndLoad();
        var stored = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var key in Keys)
        {
            stored[key] = (await Eventually.Value(
                $"{key} is read", TimeSpan.FromSeconds(30), async () => await Counter(key).Read())).Value;
        }

        Assert.Empty(Ledger.Faults(key => stored[key]));
        Assert.NotEmpty(Ledger.Answers);
    }

    public async ValueTask DisposeAsync()
    {
        await EndLoad();
        try
        {
            if (_client is not null) await _client.StopAsync();
        }
        finally
        {
            _client?.Dispose();
            await EndSilos();
        }
    }

    private async Task EndLoad()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_callers);
        _callers.Clear();
    }

    private async Task EndSilos()
    {
        if (Environment.GetEnvironmentVariable("AEDILE_TEST_LOGS") is { } logs)
        {
            foreach (var silo in _silos)
            {
                var file = $"counters-{_firstPort}-{silo.Name}.log";
                await File.WriteAllTextAsync(
                    Path.Combine(Directory.CreateDirectory(logs).FullName, file), silo.Console);
            }
        }

        foreach (var silo in _silos) await silo.DisposeAsync();
        _over.Dispose();
    }

    private static string Key(int number) => $"counter-{number}";

    private CounterProcess Launch(int place, IEnumerable<(string Name, string Value)> special)
    {
        var name = $"silo{place + 1}";
        var variables = (_join?.Invoke(name, SiloPort(place), _connection) ?? _variables)
            .SetItems(special.Select(one => KeyValuePair.Create(one.Name, one.Value)));
        var silo = CounterProcess.Launch(name, SiloPort(place), Gateway(place), variables);
        if (place < _silos.Count) _silos[place] = silo;
        else _silos.Add(silo);
        return silo;
    }

    private Task WhenAllAnswer(long since, TimeSpan limit, string? butNot)
    {
        var seen = Ledger.Count;
        return Eventually.True("every counter answers", limit, () =>
        {
            var answers = Ledger.Answers.Skip(seen).Where(one => one.BeganAt >= since && one.Silo != butNot);
            var missing = Keys.Except(answers.Select(answer => answer.Key)).ToList();
            return missing.Count == 0
                ? Task.FromResult(true)
                : throw new InvalidOperationException(
                    $"{string.Join(", ", missing)} do not; {Ledger.Failures.LastOrDefault()?.Error}");
        });
    }

    private async Task Call(int caller, CancellationToken over)
    {
        for (var round = caller; !over.IsCancellationRequested; round++)
        {
            var key = Key(round % KeyCount);
            if (await Ledger.Call(key, () => Counter(key).Add())) continue;

            // A refused call comes back at once; a caller that spins would only heat the machine.
            await Task.Delay(TimeSpan.FromMilliseconds(10), Clock, CancellationToken.None);
        }
    }
}
