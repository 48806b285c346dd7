using Aedile.Client.Gateway;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Compatibility;

/// <summary>Goal: the typed client does against a real fleet what it promises.</summary>
[Collection<SharedFleet>]
public sealed class ClientTests(ThreeAgentFleet fleet) : IDisposable
{
    private readonly AedileClient _client = new(new GatewayOptions([fleet.Address]), TimeProvider.System)
    {
        Token = fleet.Token,
    };

    [Fact(Timeout = 60_000)]
    public async Task Entities_are_written_by_version_and_read_in_every_mode()
    {
        var id = EntityId.Parse("client-1");
        var key = EntityKey.Of<NodeSpec>(id);
        var tags = new Dictionary<string, string> { ["zone"] = "a" };
        var created = await _client.Model.Create(EntityDraft.Of(new NodeSpec(["ssd"]), tags: tags), id);
        Assert.Equal((created.Index, "a"), (created.Entity!.Version, created.Entity.Tags["zone"]));
        foreach (var mode in (ReadMode[])
        [
            ReadMode.Seen, ReadMode.Latest, ReadMode.AtLeast(created.Index),
            ReadMode.NoOlderThan(TimeSpan.FromHours(1)),
        ])
            Assert.Equal(created.Index, (await _client.Model.Get(key, mode)).Version);

        var updated = await _client.Model.Update(
            id, EntityDraft.Of(new NodeSpec(["hdd"], IsDrained: true)), created.Entity.Version);
        Assert.True(((NodeSpec)updated.Entity!.Spec).IsDrained);
        Assert.Equal(updated.Index, _client.LastIndex);
        var stale = await Assert.ThrowsAsync<ProblemException>(
            () => _client.Model.Delete(key, created.Entity.Version));
        Assert.Equal(("version-mismatch", 412), (stale.Type, stale.Status));
        var tooFar = await Assert.ThrowsAsync<ProblemException>(
            () => Impatient().Model.Get(key, ReadMode.AtLeast(99_999_999)));
        Assert.Equal(("too-stale", true), (tooFar.Type, tooFar.Retryable));
        Assert.Null((await _client.Model.Delete(key, updated.Entity.Version)).Entity);
        Assert.Null(await _client.Model.Find(key));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_list_is_read_page_by_page_and_a_transaction_is_whole()
    {
        var body = System.Text.Json.JsonSerializer.SerializeToElement(
            EntityDraft.Of(new NodeSpec([])).Body, Aedile.Client.Wire.Json);
        var changes = Enumerable.Range(0, 7).Select(i => new ChangeRequest(
            ChangeVerb.Create, "node", $"client-page-{i}", Body: body));
        var receipt = await _client.Model.Transact(new TransactionRequest([.. changes]), key: "client-page");
        Assert.Equal(receipt.Index, (await _client.Model.Transact(
            new TransactionRequest([.. changes]), key: "client-page")).Index);
        var names = new List<string>();
        await foreach (var node in _client.Model.List(EntityKind.Of<NodeSpec>(), new EntityQuery(PageSize: 2)))
            names.Add(node.Name);
        Assert.Equal(7, names.Count(name => name.StartsWith("client-page-", StringComparison.Ordinal)));
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact(Timeout = 60_000)]
    public async Task Changes_come_as_they_are_made()
    {
        var before = (await _client.Model.Describe()).Index;
        var following = First(before);
        var made = await _client.Model.Create(EntityDraft.Of(new NodeSpec([])), EntityId.Parse("client-change"));
        var entry = await following;
        Assert.Equal((made.Index, "admin.token"), (entry.Index, entry.Actor));
        Assert.Equal(made.Entity!.Key, entry.Changes[0].Key);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_repository_is_made_once_for_one_key_and_deleted()
    {
        var request = new CreateRepositoryRequest("default", "client/one");
        var made = await _client.Repositories.Create(request, key: "client-one");
        Assert.Equal(made.Id, (await _client.Repositories.Create(request, key: "client-one")).Id);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        Assert.Equal("active", (await _client.Repositories.WaitUntilCreated(made.Id, limit.Token)).State);
        var paths = new List<string>();
        await foreach (var repository in _client.Repositories.List(pageSize: 1)) paths.Add(repository.Path);
        Assert.Contains("client/one", paths);
        var nothing = await Assert.ThrowsAsync<ProblemException>(() => _client.Repositories.AcceptDataLoss(made.Id));
        Assert.Equal("loss-not-accepted", nothing.Type);
        await _client.Repositories.Delete(made.Id);
        Assert.Equal("repository-not-found", (await Assert.ThrowsAsync<ProblemException>(
            () => _client.Repositories.Delete(made.Id))).Type);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_token_that_was_issued_is_taken_until_it_is_taken_back()
    {
        var id = EntityId.Parse("client-program");
        await _client.Model.Create(
            EntityDraft.Of(new IdentitySpec(IdentityType.Program, [BuiltInRoles.Viewer], [])), id);
        var token = await _client.Identity.Issue(new IssueTokenRequest(id, LifeSeconds: 600));
        using var other = new AedileClient(new GatewayOptions([fleet.Address]), TimeProvider.System)
        {
            Token = token.Token,
        };
        Assert.NotEmpty((await other.Fleet.Describe()).Silos);
        var forbidden = await Assert.ThrowsAsync<ProblemException>(
            () => other.Model.Create(EntityDraft.Of(new NodeSpec([]))));
        Assert.Equal(403, forbidden.Status);
        await _client.Identity.Revoke(token.Id);
        Assert.Equal("token-refused", (await Assert.ThrowsAsync<ProblemException>(
            () => other.Fleet.Describe())).Type);
        Assert.NotNull((await other.Fleet.AskReadiness()).Clock);
        await _client.Identity.RevokeAll(id);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private AedileClient Impatient() => new(
        new GatewayOptions([fleet.Address]) { Patience = TimeSpan.Zero }, TimeProvider.System)
    {
        Token = fleet.Token,
    };

    private async Task<JournalEntry> First(long after)
    {
        // Silos write, too: what became of repositories of other tests.
        await foreach (var entry in _client.Changes.Read(after))
        {
            if (entry.Actor == "admin.token") return entry;
        }

        throw new InvalidOperationException("The feed has ended.");
    }
}
