using Aedile.Engine.Hosting;
using Aedile.Engine.Reminders;
using Aedile.Engine.Runtime;
using Aedile.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Engine.Reminders;

/// <summary>What every table of reminders must do. Each implementation runs it.</summary>
public abstract class ReminderStoreSuite : IAsyncDisposable
{
    private static readonly GrainId Alarm = GrainId.Create("alarm", "a1");
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private SiloHost? _host;

    [Fact]
    public async Task What_was_put_is_read_alone_with_its_grain_and_with_all()
    {
        var store = await Store();
        var put = await store.Put(Of("wake"));
        Assert.Equal((Of("wake"), 0), (put with { Version = 0 }, put.Version));
        Assert.Equal(put, await store.Read(put.Id));
        Assert.Equal([put], await store.ReadGrain(Alarm));
        Assert.Equal([put], await store.ReadAll(_ => true, default));
    }

    [Fact]
    public async Task What_was_never_put_is_not_there()
    {
        var store = await Store();
        Assert.Null(await store.Read(Of("wake").Id));
        Assert.Empty(await store.ReadGrain(Alarm));
        Assert.Empty(await store.ReadAll(_ => true, default));
    }

    [Fact]
    public async Task Each_put_raises_the_version_and_replaces_the_row()
    {
        var store = await Store();
        await store.Put(Of("wake"));
        var later = Of("wake") with { StartAt = Start.AddHours(1), Period = TimeSpan.FromDays(60) };
        Assert.Equal(later with { Version = 1 }, await store.Put(later));
        Assert.Equal([later with { Version = 1 }], await store.ReadGrain(Alarm));
    }

    [Fact]
    public async Task Only_the_version_that_was_read_is_removed()
    {
        var store = await Store();
        var first = await store.Put(Of("wake"));
        var second = await store.Put(Of("wake"));
        Assert.False(await store.TryRemove(first.Id, first.Version));
        Assert.Equal(second, await store.Read(second.Id));
        Assert.True(await store.TryRemove(second.Id, second.Version));
        Assert.False(await store.TryRemove(second.Id, second.Version));
        Assert.Null(await store.Read(second.Id));
    }

    [Fact]
    public async Task Reminders_of_one_grain_are_its_own_and_come_by_name()
    {
        var store = await Store();
        await store.Put(Of("b"));
        await store.Put(Of("a"));
        await store.Put(Of("a", GrainId.Create("alarm", "A1")));
        Assert.Equal(["a", "b"], (await store.ReadGrain(Alarm)).Select(reminder => reminder.Id.Name));
        Assert.Single(await store.ReadAll(grain => grain != Alarm, default));
    }

    [Fact]
    public async Task Of_many_at_once_each_gets_a_version_of_its_own()
    {
        var store = await Store();
        var versions = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.Put(Of("wake"))));
        Assert.Equal(Enumerable.Range(0, 20), versions.Select(put => put.Version).Order());
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        await Clean();
        GC.SuppressFinalize(this);
    }

    protected abstract void Configure(ISiloBuilder silo);

    protected virtual ValueTask Clean() => ValueTask.CompletedTask;

    private protected static Reminder Of(string name, GrainId? grain = null) =>
        new(new(grain ?? Alarm, name), Start, TimeSpan.FromMilliseconds(61_001), Version: 0);

    private protected async Task<IReminderStore> Store()
    {
        _host = SiloHost.Build(new SiloSeams { Clock = new ManualTime(), Parts = [] }, Configure);
        await _host.Start(TestContext.Current.CancellationToken);
        return _host.Services.GetRequiredService<IReminderStore>();
    }
}
