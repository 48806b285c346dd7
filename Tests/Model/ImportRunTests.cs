using System.Text;
using Aedile.Grains.Model;
using Aedile.Silo.Hosting;
using Aedile.Silo.Model;
using Aedile.Silo.Storage;
using Aedile.Silo.Storage.Model;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Model;

/// <summary>Goal: who imports sees it from the answer on, and what is refused has changed nothing.</summary>
public sealed class ImportRunTests : IAsyncLifetime
{
    private static readonly ModelState Wanted = After(Empty, Of(Node("n1", "ssd"), Node("n2")), Of(Node("n3")));

    private readonly TestFolder _folder = new("import");
    private readonly ManualTime _clock = new(Now);
    private ModelReplica _replica = null!;
    private ModelSnapshots _snapshots = null!;
    private ModelImport _import = null!;

    public async ValueTask InitializeAsync()
    {
        var database = SiloDatabase.InFile(_folder["silo.db"]);
        await new SchemaMigrations(database, _clock).Apply(CancellationToken.None);
        var journal = new ModelJournal(database);
        _snapshots = new ModelSnapshots(database, _clock);
        _replica = new ModelReplica(journal, _clock);
        _replica.Load(ModelState.Empty((await journal.ReadHead(CancellationToken.None)).Timeline));
        _import = new ModelImport(
            journal, _snapshots, _replica, new RandomIds(), _clock, NullLogger<ModelImport>.Instance);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_answer_comes_when_this_silo_shows_what_a_silo_that_starts_would_read()
    {
        var done = Assert.IsType<ImportAnswer.Done>(await Import(await TextOf(Wanted), mayReplace: false)).Resource;
        var shown = _replica.Current;
        Assert.Equal(
            (done.Timeline, done.Index, Wanted.Count, Wanted.ContentDigest),
            (shown.Timeline, shown.Index, shown.Count, shown.ContentDigest));
        // The database agrees: there is nothing to load again.
        Assert.Same(shown, await _replica.CatchUp(CancellationToken.None));
        var loads = _replica.Loads;
        _replica.Load((await _snapshots.ReadNewest(CancellationToken.None))!);
        var read = await _replica.CatchUp(CancellationToken.None);
        Assert.Equal(
            (shown.Timeline, shown.Index, shown.Digest, shown.ContentDigest, loads + 1),
            (read.Timeline, read.Index, read.Digest, read.ContentDigest, _replica.Loads));
    }

    [Fact]
    public async Task What_is_defined_stays_unless_it_may_go()
    {
        await Import(await TextOf(Wanted), mayReplace: false);
        var before = _replica.Current;
        var other = await TextOf(After(Empty, Of(Node("n9", "hdd"))));
        Assert.Equal(new ImportAnswer.NotEmpty(3), await Import(other, mayReplace: false));
        Assert.IsType<ImportAnswer.Unsound>(await Import(other[..^9], mayReplace: true));
        Assert.Same(before, _replica.Current);
        Assert.IsType<ImportAnswer.Done>(await Import(other, mayReplace: true));
        Assert.Equal(1, _replica.Current.Count);
        Assert.True(_replica.Current.Index > before.Index);
    }

    private async Task<ImportAnswer> Import(string text, bool mayReplace)
    {
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return await _import.Run(content, mayReplace, [], "root", CancellationToken.None);
    }

    private static async Task<string> TextOf(ModelState state)
    {
        using var stream = new MemoryStream();
        await SnapshotText.Write(state, stream, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
