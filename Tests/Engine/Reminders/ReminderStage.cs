using Aedile.Engine.Hosting;
using Aedile.Engine.Messaging;
using Aedile.Engine.Placement;
using Aedile.Engine.Reminders;
using Aedile.Engine.Runtime;
using Aedile.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>Silos on one manual clock and one table.</summary>
internal sealed class ReminderStage : IAsyncDisposable
{
    private readonly List<SiloHost> _hosts = [];

    public ManualTime Clock { get; } = new();

    public TickBook Book { get; } = new();

    public Stage Stage { get; } = new();

    public ScriptedReminderStore Store { get; } = new();

    public static async Task Until(Func<bool> reached)
    {
        while (!reached()) await Task.Yield();
    }

    public async Task<SiloHost> Start(Action<ISiloBuilder>? configure = null, ScriptedFleet? fleet = null)
    {
        var reads = Store.Reads;
        var seams = new SiloSeams { Clock = Clock, Parts = [typeof(ReminderStage).Assembly] };
        var host = SiloHost.Build(seams, silo =>
        {
            silo.AddMemoryGrainStorageAsDefault().AddReminders();
            silo.Services.AddSingleton(Stage).AddSingleton(Book).AddSingleton<IReminderStore>(Store);
            if (fleet is not null)
                silo.Services.AddSingleton<IRouter>(fleet).AddSingleton<ISiloMessenger>(fleet);
            configure?.Invoke(silo);
        });
        _hosts.Add(host);
        await host.Start(CancellationToken.None);
        await Until(() => Store.Reads > reads);
        return host;
    }

    /// <summary>Moves the clock; returns when every tick that came due has been served.</summary>
    public async Task Advance(SiloHost host, TimeSpan by)
    {
        var end = Clock.GetUtcNow() + by;
        await Until(() => Serving(host));
        while (Clock.NextDue is { } due && due <= end)
        {
            Clock.Advance(due - Clock.GetUtcNow());
            await Until(() => Serving(host));
        }

        Clock.Advance(end - Clock.GetUtcNow());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts) await host.DisposeAsync();
    }

    private static bool Serving(SiloHost host) => host.Services.GetRequiredService<ReminderService>().OnDelivery == 0;
}
