using Aedile.Tests.Support.Engines;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Aedile.Tests.Engine;

/// <summary>What every storage of grain state must do. Each implementation runs it.</summary>
public abstract class GrainStorageSuite : IAsyncDisposable
{
    private static readonly GrainId Grain = GrainId.Create("thing", "k1");

    private TestSilo? _silo;

    [Fact]
    public async Task A_state_that_was_never_written_reads_as_a_fresh_one_without_a_version()
    {
        var read = await Read(await Storage());
        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
        Assert.Equal(0, read.State!.Number);
    }

    [Fact]
    public async Task What_was_written_is_read_with_its_version()
    {
        var storage = await Storage();
        var written = await Write(storage, new(), 7);
        var read = await Read(storage);
        Assert.Equal((7, true, written.ETag), (read.State!.Number, read.RecordExists, read.ETag));
    }

    [Fact]
    public async Task Of_two_writers_with_one_version_the_second_loses_and_changes_nothing()
    {
        var storage = await Storage();
        await Write(storage, new(), 1);
        var (first, second) = (await Read(storage), await Read(storage));
        await Write(storage, first, 2);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(storage, second, 3));
        Assert.Equal(2, (await Read(storage)).State!.Number);
    }

    [Fact]
    [Trait("Engine", "Bundled")] // The official provider for databases doesn't know them.
    public async Task A_lost_write_names_the_stored_version_and_the_one_it_had()
    {
        var storage = await Storage();
        await Write(storage, new(), 1);
        var (first, second) = (await Read(storage), await Read(storage));
        await Write(storage, first, 2);
        var error = await Assert.ThrowsAsync<InconsistentStateException>(() => Write(storage, second, 3));
        Assert.Equal((first.ETag, second.ETag), (error.StoredEtag, error.CurrentEtag));
    }

    [Fact]
    public async Task Of_two_first_writers_the_second_loses()
    {
        var storage = await Storage();
        await Write(storage, new(), 1);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(storage, new(), 2));
    }

    [Fact]
    public async Task A_cleared_state_is_fresh_again_but_its_version_goes_on()
    {
        var storage = await Storage();
        var state = await Write(storage, new(), 5);
        var stale = await Read(storage);
        await storage.ClearStateAsync("thing", Grain, state);
        Assert.Equal((0, false), (state.State!.Number, state.RecordExists));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(storage, stale, 6));
        await Write(storage, await Read(storage), 8);
        Assert.Equal(8, (await Read(storage)).State!.Number);
    }

    [Fact]
    public async Task Clearing_is_compare_and_set_too()
    {
        var storage = await Storage();
        await Write(storage, new(), 1);
        var stale = await Read(storage);
        await Write(storage, await Read(storage), 2);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("thing", Grain, stale));
        Assert.Equal(2, (await Read(storage)).State!.Number);
    }

    [Fact]
    public async Task Keys_and_state_names_that_differ_only_in_case_are_different()
    {
        var storage = await Storage();
        await Write(storage, new(), 1, GrainId.Create("thing", "key"));
        await Write(storage, new(), 2, GrainId.Create("thing", "KEY"));
        Assert.Equal(1, (await Read(storage, GrainId.Create("thing", "key"))).State!.Number);
    }

    [Theory]
    [InlineData("1", "2", "1F", "FFFFFFFFFFFFFFFF", "7FFFFFFFFFFFFFFF", "0")]
    [InlineData("c0ffee00c0ffee00c0ffee00c0ffee00", "c0ffee00c0ffee00c0ffee00c0ffee01",
        "00000000000000000000000000000000")]
    [InlineData("1+a", "1+b", "1", "c0ffee00c0ffee00c0ffee00c0ffee00+a", "+", "1 ", "a/b", "é")]
    public async Task Keys_of_every_kind_have_rows_of_their_own(params string[] keys)
    {
        var storage = await Storage();
        foreach (var (number, key) in keys.Index()) await Write(storage, new(), number, GrainId.Create("thing", key));
        foreach (var (number, key) in keys.Index())
            Assert.Equal(number, (await Read(storage, GrainId.Create("thing", key))).State!.Number);
    }

    [Fact]
    public async Task Of_many_writers_at_once_each_gets_its_own_result()
    {
        var storage = await Storage();
        var writers = Enumerable.Range(0, 40)
            .Select(i => Write(storage, new(), i, GrainId.Create("thing", $"k{i % 20}")));
        var outcomes = await Task.WhenAll(writers.Select(async write =>
        {
            try
            {
                return (await write).State!.Number;
            }
            catch (InconsistentStateException)
            {
                return -1;
            }
        }));
        Assert.Equal(20, outcomes.Count(outcome => outcome < 0));
        var winners = outcomes.Where(outcome => outcome >= 0).Select(outcome => outcome % 20);
        Assert.Equal(Enumerable.Range(0, 20), winners.Order());
    }

    [Fact]
    public async Task State_uses_the_hosts_converters()
    {
        var storage = await Storage();
        await Write(storage, new(), 3);
        Assert.Equal(new ThingId("id-3"), (await Read(storage)).State!.Id);
        Assert.Contains(nameof(ThingIdConverter), ThingIdConverter.Used, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        await Clean();
        GC.SuppressFinalize(this);
    }

    protected abstract void Configure(ISiloBuilder silo);

    protected virtual ValueTask Clean() => ValueTask.CompletedTask;

    private async Task<IGrainStorage> Storage()
    {
        _silo = await TestSilo.Start(
            silo =>
            {
                Configure(silo);
                silo.UseSystemTextJsonGrainStorageSerializer();
                silo.Configure<SystemTextJsonGrainStorageSerializerOptions>(
                    options => options.JsonSerializerOptions.Converters.Add(new ThingIdConverter()));
            },
            withStorage: false);
        return _silo.Services.GetRequiredKeyedService<IGrainStorage>("Default");
    }

    private static async Task<GrainState<Thing>> Read(IGrainStorage storage, GrainId? grain = null)
    {
        var state = new GrainState<Thing>();
        await storage.ReadStateAsync("thing", grain ?? Grain, state);
        return state;
    }

    private static async Task<GrainState<Thing>> Write(
        IGrainStorage storage, GrainState<Thing> state, int number, GrainId? grain = null)
    {
        state.State = new Thing { Number = number, Id = new ThingId($"id-{number}") };
        await storage.WriteStateAsync("thing", grain ?? Grain, state);
        return state;
    }
}
