using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Tests.Support;
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

    private readonly ImmutableDictionary<string, string> _variables;
    private readonly int _firstPort = PortRange.Take(20);
    private readonly List<CounterProcess> _silos = [];
    private readonly CancellationTokenSource _over = new();
    private readonly List<Task> _callers = [];
    private int _launched;
    private IHost? _client;

    private CounterFleet(string connection) => _variables =
        ImmutableDictionary<string, string>.Empty.Add(CounterSilo.ConnectionVariable, connection);

    public static TimeProvider Clock => TimeProvider.System;

    public CounterLedger Ledger { get; } = new(Clock);

    /// <summary>The silos that were launched, in their order.</summary>
    public IReadOnlyList<CounterProcess> Silos => _silos;

    public static async Task<CounterFleet> Start(string connection, int silos)
    {
        var fleet = new CounterFleet(connection);
        try
        {
            for (var i = 0; i < silos; i++) fleet.Launch();
            await Task.WhenAll(fleet._silos.Select(silo => silo.WhenReady()));
            await fleet.Connect();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more silo, on ports of its own.</summary>
    public CounterProcess Launch() => Launch(_launched++);

    /// <summary>Starts a silo again on the ports that it had.</summary>
    public CounterProcess Relaunch(CounterProcess ended) => Launch(_silos.IndexOf(ended));

    public ICounterGrain Counter(string key) =>
        _client!.Services.GetRequiredService<IGrainFactory>().GetGrain<ICounterGrain>(key);

    /// <summary>Callers add to all counters from now on, each one call after the other.</summary>
    public void Load(int callers)
    {
        for (var i = 0; i < callers; i++) _callers.Add(Call(i));
    }

    /// <summary>Waits until so many more calls were answered; the fleet serves.</summary>
    public Task WhenAnswered(int more, TimeSpan limit)
    {
        var goal = Ledger.Count + more;
        return Eventually.True($"{more} more calls are answered", limit, () => Ledger.Count >= goal
            ? Task.FromResult(true)
            : throw new InvalidOperationException($"{Ledger.Failures.LastOrDefault()?.Error}"));
    }

    /// <summary>Ends the load and judges every answer that was given.</summary>
    public async Task MustHaveLostNothing()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_callers);
        var stored = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var key in Enumerable.Range(0, KeyCount).Select(Key))
        {
            stored[key] = (await Eventually.Value(
                $"{key} is read", TimeSpan.FromSeconds(30), async () => await Counter(key).Read())).Value;
        }

        Assert.Empty(Ledger.Faults(key => stored[key]));
        Assert.NotEmpty(Ledger.Answers);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_callers);
        if (_client is not null)
        {
            await _client.StopAsync();
            _client.Dispose();
        }

        foreach (var silo in _silos) await silo.DisposeAsync();
        _over.Dispose();
    }

    private static string Key(int number) => $"counter-{number}";

    private CounterProcess Launch(int place)
    {
        var silo = CounterProcess.Launch($"silo{place + 1}", _firstPort + (2 * place), Gateway(place), _variables);
        if (place < _silos.Count) _silos[place] = silo;
        else _silos.Add(silo);
        return silo;
    }

    private int Gateway(int place) => _firstPort + (2 * place) + 1;

    private async Task Connect()
    {
        DbProviderFactories.RegisterFactory(CounterSilo.Invariant, NpgsqlFactory.Instance);
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(
                o => (o.ClusterId, o.ServiceId) = (CounterSilo.Cluster, CounterSilo.Cluster));
            client.UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) =
                (CounterSilo.Invariant, _variables[CounterSilo.ConnectionVariable]));
        });
        _client = builder.Build();
        await _client.StartAsync();
    }

    private async Task Call(int caller)
    {
        for (var round = caller; !_over.IsCancellationRequested; round++)
        {
            var key = Key(round % KeyCount);
            if (await Ledger.Call(key, () => Counter(key).Add())) continue;

            // A refused call comes back at once; a caller that spins would only heat the machine.
            await Task.Delay(TimeSpan.FromMilliseconds(10), Clock);
        }
    }
}
