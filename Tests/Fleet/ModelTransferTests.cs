using Aedile.Client.Gateway;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: a model goes out and comes in whole, on all silos, or nothing is changed.</summary>
public sealed class ModelTransferTests : IAsyncLifetime
{
    private readonly SiloSet _silos = new();
    private readonly TestFolder _folder = new("transfer");

    private AedileClient _one = null!;
    private AedileClient _two = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        await _silos.StartSilos(1, 2);
        (_one, _two) = (ClientOf(1), ClientOf(2));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _one.Dispose();
        _two.Dispose();
        await _silos.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task An_export_that_is_imported_again_takes_every_silo_back()
    {
        await Make("kept");
        using var aedile = new AedileCommand(_silos.Address(1));
        var token = Path.Combine(_silos.Data, "admin.token");
        foreach (var name in (string[])["model.jsonl", "model.gz"])
        {
            (await aedile.Run("model", "export", "--file", _folder[name], "--secrets", "--token-file", token))
                .MustSucceed();
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder[name]));
        }

        var before = await _one.Model.Describe();
        await Make("gone");
        Assert.Equal(
            1, (await aedile.Run("model", "import", "--file", _folder["model.gz"], "--token-file", token))
                .MustFail("model-not-empty").ExitCode);
        Assert.NotNull(await _one.Model.Find(Key("gone")));
        foreach (var name in (string[])["model.jsonl", "model.gz"])
        {
            (await aedile.Run(
                "model", "import", "--replace", "--file", _folder[name], "--token-file", token)).MustSucceed();
            var after = await _one.Model.Describe();
            Assert.NotEqual(before.Timeline, after.Timeline);
            Assert.True(after.Index > before.Index);
            Assert.NotNull(await _one.Model.Find(Key("kept")));
            await Eventually.True("the other silo has it", TimeSpan.FromSeconds(10), async () =>
            {
                var other = await _two.Model.Describe();
                return other.Timeline == after.Timeline;
            });
            Assert.Null(await _two.Model.Find(Key("gone")));
            // Writes go on in the new history, whoever takes them; the old one's changes are no longer kept.
            await Make("gone", _two);
            Assert.NotNull(await _one.Model.Find(Key("gone"), ReadMode.Latest));
            var compacted = await Assert.ThrowsAsync<ProblemException>(async () =>
            {
                await foreach (var _ in _one.Changes.Read(1, follow: false)) { }
            });
            Assert.Equal("index-compacted", compacted.Type);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task What_is_unsound_or_not_allowed_changes_nothing()
    {
        await Make("kept");
        await Export("whole", withSecrets: true);
        await Export("readers", withSecrets: false);
        Assert.DoesNotContain("\"digest\":\"", (await File.ReadAllTextAsync(_folder["readers"])).Split('\n', 2)[1],
            StringComparison.Ordinal);
        var text = await File.ReadAllTextAsync(_folder["whole"]);
        await File.WriteAllTextAsync(_folder["altered"], text.Replace("kept", "kapt", StringComparison.Ordinal));
        await File.WriteAllTextAsync(_folder["cut"], text[..^9]);
        await File.WriteAllTextAsync(_folder["nothing"], "");
        var before = await _one.Model.Describe();
        foreach (var name in (string[])["readers", "altered", "cut", "nothing"])
        {
            var refusal = await Assert.ThrowsAsync<ProblemException>(
                () => _one.Model.Import(() => File.OpenRead(_folder[name]), false, mayReplace: true));
            Assert.Equal((422, "unsound-import"), (refusal.Status, refusal.Type));
        }

        var notGzip = await Assert.ThrowsAsync<ProblemException>(
            () => _one.Model.Import(() => File.OpenRead(_folder["whole"]), isGzip: true, mayReplace: true));
        Assert.Equal("unsound-import", notGzip.Type);

        await _one.Model.Create(
            EntityDraft.Of(new IdentitySpec(IdentityType.Program, [BuiltInRoles.Viewer], [])), EntityId.Parse("v"));
        using var viewer = ClientOf(1);
        viewer.Token = (await _one.Identity.Issue(new IssueTokenRequest(EntityId.Parse("v")))).Token;
        Assert.Equal(403, (await Assert.ThrowsAsync<ProblemException>(
            () => viewer.Model.Export(Stream.Null, withSecrets: false, asGzip: false))).Status);
        Assert.Equal(403, (await Assert.ThrowsAsync<ProblemException>(
            () => viewer.Model.Import(() => File.OpenRead(_folder["whole"]), false, mayReplace: true))).Status);
        Assert.Equal(before.Timeline, (await _one.Model.Describe()).Timeline);
        await foreach (var entry in _one.Changes.Read(before.Index, follow: false)) Assert.NotEmpty(entry.Changes);
    }

    private static EntityKey Key(string id) => EntityKey.Of<NodeSpec>(EntityId.Parse(id));

    private Task<WriteResult> Make(string id, AedileClient? client = null) =>
        (client ?? _one).Model.Create(EntityDraft.Of(new NodeSpec(["ssd"])), EntityId.Parse(id));

    private async Task Export(string name, bool withSecrets)
    {
        await using var file = File.Create(_folder[name]);
        await _one.Model.Export(file, withSecrets, asGzip: false);
    }

    private AedileClient ClientOf(int silo) =>
        new(new GatewayOptions([_silos.Address(silo)]), TimeProvider.System) { Token = _silos.Token };
}
