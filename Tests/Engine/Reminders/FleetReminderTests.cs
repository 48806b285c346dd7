using System.Data.Common;
using Aedile.Engine.Hosting;
using Aedile.Engine.Reminders;
using Aedile.Engine.Runtime;
using Aedile.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>Goal: three silos over real sockets share the reminders of a table, and outlive one of them.</summary>
public sealed class FleetReminderTests : IAsyncDisposable
{
    private const string Invariant = "Microsoft.Data.Sqlite";
    private const int Grains = 30;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly TestFolder _folder = new("fleet-reminders");
    private readonly int _ports = PortRange.Take(5);
    private readonly TickBook _book = new();
    private readonly List<SiloHost> _silos = [];

    private string ConnectionString => $"Data Source={_folder["fleet.db"]}";

    [Fact]
    public async Task Each_reminder_is_served_by_one_silo_and_by_another_when_that_is_gone()
    {
        for (var number = 0; number < 3; number++) _silos.Add(await Start(number));
        for (var key = 0; key < Grains; key++) await Remind(_silos[key % 3], $"g{key}");
        await AllTick();
        Assert.All(_silos, silo => Assert.InRange(Served(silo), 1, Grains - 2));
        Assert.Equal(Grains, _silos.Sum(Served));

        _silos[1].Crash();
        await AllTick();
        await Eventually.True("the two that are left serve all", Limit,
            () => Task.FromResult(Served(_silos[0]) + Served(_silos[2]) == Grains));

        await _silos[2].Stop(CancellationToken.None);
        await AllTick();
        Assert.Equal(Grains, Served(_silos[0]));
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

    private static int Served(SiloHost silo) => silo.Services.GetRequiredService<ReminderService>().Count;

    // A silo that is starved of processor time loses its lease for a while: then the call did not run.
    private static Task Remind(SiloHost silo, string key) => Eventually.True($"a reminder of {key}", Limit, async () =>
    {
        await silo.Grains.GetGrain<IRemindedGrain>(key).Remind("wake", Period, Period);
        return true;
    });

    // From now on, every grain gets two ticks more.
    private async Task AllTick()
    {
        var before = _book.Ticks.Count;
        await Eventually.True("two ticks of each grain", Limit, () => Task.FromResult(
            Enumerable.Range(0, Grains).All(key =>
                _book.Ticks.Skip(before).Count(tick => tick.StartsWith($"g{key} ", StringComparison.Ordinal)) >= 2)));
    }

    private async Task<SiloHost> Start(int number)
    {
        DbProviderFactories.RegisterFactory(Invariant, SqliteFactory.Instance);
        var seams = new SiloSeams { Parts = [typeof(FleetReminderTests).Assembly], MustEnd = _ => { } };
        var host = SiloHost.Build(seams, silo =>
        {
            silo.Services.AddSingleton(_book).AddSingleton(new Stage());
            silo.AddMemoryGrainStorageAsDefault();
            silo.ConfigureEndpoints(System.Net.IPAddress.Loopback, _ports + number, 0);
            silo.UseAdoNetClustering(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = ConnectionString;
            });
            silo.UseAdoNetReminderService(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = ConnectionString;
            });
            silo.Configure<ReminderOptions>(options => options.MinimumReminderPeriod = Period);
        });
        await host.Start(CancellationToken.None);
        return host;
    }
}
