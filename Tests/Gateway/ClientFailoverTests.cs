using System.Net;
using Aedile.Client.Fleet;
using Aedile.Client.Gateway;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Tests.Support;
using static Aedile.Tests.Gateway.ScriptedGateways;

namespace Aedile.Tests.Gateway;

/// <summary>Goal: a client goes on with another gateway where that is safe, and says so where it isn't.</summary>
public sealed class ClientFailoverTests : IDisposable
{
    private static readonly FleetResource Nobody = new(
        new SiloResource("s", 1, null, "1", default, true, null), [], []);

    private readonly ManualTime _clock = new();
    private readonly ScriptedGateways _gateways = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_gateway_is_asked_when_one_is_not_there_and_stays_the_first()
    {
        _gateways.Says("a", Refused).Says("b", Json(Nobody));
        using var client = _gateways.Client(_clock, "a", "b");
        await client.Fleet.Describe(Ct);
        await client.Fleet.Describe(Ct);
        Assert.Equal(["a GET /v1/fleet", "b GET /v1/fleet", "b GET /v1/fleet"], _gateways.Asked);
    }

    [Fact]
    public async Task A_write_goes_on_with_the_same_key_when_its_answer_breaks_off()
    {
        _gateways.Says("a", Broken).Says("b", Json(new ReceiptResource(7, true, [])));
        using var client = _gateways.Client(_clock, "a", "b");
        var receipt = await client.Model.Transact(new TransactionRequest([]), cancellation: Ct);
        Assert.Equal(7, receipt.Index);
        Assert.Equal(7, client.LastIndex);
        Assert.Equal(2, _gateways.Keys.Count);
        Assert.Single(_gateways.Keys.Distinct());
    }

    [Fact]
    public async Task A_call_that_must_not_be_sent_twice_is_not_and_says_that_it_may_be_done()
    {
        _gateways.Says("a", Broken).Says("b", Json(Nobody));
        using var client = _gateways.Client(_clock, "a", "b");
        var error = await Assert.ThrowsAsync<GatewayAwayException>(
            () => client.Identity.Enrol(new EnrolRequest("aen_x.y"), Ct));
        Assert.True(error.MayBeDone);
        Assert.Equal(["a POST /v1/enrol"], _gateways.Asked);
    }

    [Fact]
    public async Task A_call_that_was_never_sent_goes_to_the_next_gateway_whatever_it_is()
    {
        var id = TokenId.From(new Guid(1, 2, 3, new byte[8]));
        var token = new TokenResource("t", id, BuiltInRoles.Admin, [], default);
        _gateways.Says("a", Refused).Says("b", Json(token));
        using var client = _gateways.Client(_clock, "a", "b");
        Assert.Equal("t", (await client.Identity.Enrol(new EnrolRequest("aen_x.y"), Ct)).Token);
    }

    [Fact]
    public async Task What_can_be_had_later_is_asked_for_again_until_patience_ends()
    {
        _gateways.Says("a", Problem(503, "too-stale", true)).Says("a", Problem(503, "too-stale", true))
            .Says("a", Json(Nobody));
        using var client = _gateways.Client(_clock, "a");
        var call = client.Fleet.Describe(Ct);
        while (!call.IsCompleted) Assert.True(_clock.AdvanceToNext());
        await call;
        Assert.Equal(3, _gateways.Asked.Count);
        // 0.1 s and 0.2 s of pause.
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMilliseconds(300), _clock.GetUtcNow());

        _gateways.Says("b", Problem(503, "writes-unavailable", true));
        using var other = _gateways.Client(_clock, "b");
        var write = other.Model.Delete(EntityKey.Of<NodeSpec>(EntityId.Parse("n")), null, Ct);
        while (!write.IsCompleted) Assert.True(_clock.AdvanceToNext());
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => write);
        Assert.Equal(("writes-unavailable", 503, true), (refusal.Type, refusal.Status, refusal.Retryable));
        Assert.InRange(_clock.GetUtcNow().ToUnixTimeMilliseconds(), 300, 10_300);
    }

    [Fact]
    public async Task Nobody_there_is_said_with_the_address_and_nothing_was_done()
    {
        _gateways.Says("a", Refused).Says("b", Refused);
        using var client = new AedileClient(
            new GatewayOptions([new Uri("http://a/"), new Uri("http://b/")]) { Patience = TimeSpan.Zero },
            _clock, _gateways);
        var error = await Assert.ThrowsAsync<GatewayAwayException>(() => client.Model.Describe(Ct));
        Assert.False(error.MayBeDone);
        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, _gateways.Asked.Count);
    }

    [Fact]
    public async Task A_refusal_is_an_answer_and_no_reason_to_ask_again()
    {
        _gateways.Says("a", Problem(409, "name-taken", false, "name"));
        using var client = _gateways.Client(_clock, "a", "b");
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => client.Model.Create(
            EntityDraft.Of(new NodeSpec([])), cancellation: Ct));
        Assert.Equal(("name-taken", 409, "name", false),
            (refusal.Type, refusal.Status, refusal.Field, refusal.Retryable));
        Assert.Single(_gateways.Asked);
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("""{"type":"a","type":"b"}""")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task What_refuses_without_a_problem_is_shown_as_it_is(string body)
    {
        _gateways.Says("a", () => new HttpResponseMessage(HttpStatusCode.Forbidden)
        {
            Content = new StringContent(body),
        });
        using var client = _gateways.Client(_clock, "a");
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => client.Fleet.Describe(Ct));
        Assert.Equal((403, body, false), (refusal.Status, refusal.Problem.Detail, refusal.Retryable));
    }

    [Fact]
    public async Task Reads_ask_for_what_was_seen_unless_told_otherwise_and_pages_follow_each_other()
    {
        _gateways.Says("a", Json(new EntityPage([], "next", 9), index: 9)).Says("a", Json(new EntityPage([], null, 9)));
        using var client = _gateways.Client(_clock, "a");
        var query = new EntityQuery("name = \"x\"", PageSize: 2);
        await foreach (var _ in client.Model.List(EntityKind.Of<NodeSpec>(), query, Ct)) Assert.Fail("Empty pages.");
        Assert.Equal(
        [
            "a GET /v1/model/nodes?limit=2&filter=name%20%3D%20%22x%22",
            "a GET /v1/model/nodes?limit=2&filter=name%20%3D%20%22x%22&cursor=next&atLeast=9",
        ], _gateways.Asked);

        _gateways.Asked.Clear();
        var key = EntityKey.Of<NodeSpec>(EntityId.Parse("n"));
        _gateways.Says("b", Problem(404, "entity-not-found", false));
        using var other = _gateways.Client(_clock, "b");
        foreach (var mode in (ReadMode[])
            [ReadMode.Local, ReadMode.Latest, ReadMode.AtLeast(3), ReadMode.NoOlderThan(TimeSpan.FromSeconds(2))])
            Assert.Null(await other.Model.Find(key, mode, Ct));
        Assert.Equal(
            ["", "?consistency=latest", "?atLeast=3", "?maxStaleness=2000"],
            _gateways.Asked.Select(asked => asked["b GET /v1/model/nodes/n".Length..]));
    }

    /// <inheritdoc/>
    public void Dispose() => _gateways.Dispose();

    [Fact]
    public async Task Members_that_only_a_newer_silo_knows_are_passed_over()
    {
        _gateways.Says("a", () => new HttpResponseMessage
        {
            Content = new StringContent("""
                {"silo":{"name":"s","pid":1,"address":null,"version":"2","since":"2026-01-01T00:00:00Z","ready":true,
                "reason":null,"mood":"good"},"silos":[],"nodes":[],"weather":{"sun":1}}
                """),
        });
        using var client = _gateways.Client(_clock, "a");
        Assert.Equal("2", (await client.Fleet.Describe(Ct)).Silo.Version);
    }
}
