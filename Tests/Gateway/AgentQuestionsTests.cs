using Aedile.Client.Fleet;
using Aedile.Client.Gateway;
using Aedile.Client.Identity;
using Aedile.Client.Model.Copies;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;
using static Aedile.Tests.Gateway.ScriptedGateways;

namespace Aedile.Tests.Gateway;

/// <summary>Goal: an agent has its answer from whichever silo knows it, and no silo keeps it from the others.</summary>
public sealed class AgentQuestionsTests : IDisposable
{
    private static readonly AgentEnrolRequest Request = new("aen_x.y", "key");
    private static readonly OpenEntryQuestion Question = new(
        NodeName.Parse("n"), default, default, new CommandToken(1, 1), default);

    private readonly ManualTime _clock = new();
    private readonly ScriptedGateways _silos = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public void Dispose() => _silos.Dispose();

    [Fact]
    public async Task What_one_silo_refuses_another_may_know()
    {
        _silos.Says("a", Problem(500, "internal", false)).Says("b", Problem(403, "forbidden", false))
            .Says("c", Json(new Resolution(ResolutionOutcome.Committed)));
        using var client = Client("a", "b", "c");
        Assert.Equal(ResolutionOutcome.Committed, (await client.Agents.Resolve(Question, Ct)).Outcome);
        Assert.Equal(3, _silos.Asked.Count);
    }

    [Fact]
    public async Task A_spent_enrolment_is_asked_of_no_other_silo()
    {
        _silos.Says("a", Problem(503, "unavailable", true)).Says("b", Problem(410, "enrolment-over", false));
        using var client = Client("a", "b", "c");
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => client.Agents.Enrol(Request, Ct));
        Assert.Equal("enrolment-over", refusal.Type);
        Assert.Equal(["a POST /v1/agents/enrol", "b POST /v1/agents/enrol"], _silos.Asked);
    }

    [Fact]
    public async Task Nobody_else_is_asked_how_far_a_silo_is()
    {
        _silos.Says("a", Json(new CopyPoint("t", 1, "d", AgeMs: 1))).Says("b", Refused);
        using var client = Client("a", "b");
        await Assert.ThrowsAsync<GatewayAwayException>(() => client.Agents.DescribeModel(new Uri("http://b/"), Ct));
        Assert.Equal(["b GET /v1/agents/model"], _silos.Asked);
    }

    private AedileClient Client(params string[] names) => new(
        new GatewayOptions([.. names.Select(name => new Uri($"http://{name}/"))]) { Patience = TimeSpan.Zero },
        _clock, _silos);
}
