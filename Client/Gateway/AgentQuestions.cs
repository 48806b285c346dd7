using Aedile.Client.Identity;
using Aedile.Client.Model.Copies;
using Aedile.Client.Repositories;

namespace Aedile.Client.Gateway;

/// <summary>What agents ask silos beside their session: <c>/v1/agents</c>. All of it may be asked twice.</summary>
public sealed class AgentQuestions
{
    private static readonly TimeSpan GrantLimit = TimeSpan.FromSeconds(10);

    // Pushes and reads wait for these: one silo that hangs must not keep an agent from the next.
    private static readonly TimeSpan QuestionLimit = TimeSpan.FromSeconds(2);

    private readonly GatewayConnection _gateway;

    internal AgentQuestions(GatewayConnection gateway) => _gateway = gateway;

    /// <summary>
    /// Spends a one-time token for a certificate and a token; for the same key it may be spent again. Each silo has
    /// 10 s to answer.
    /// </summary>
    /// <exception cref="ProblemException">400, 401 or 410: a new one-time token is needed.</exception>
    public Task<AgentGrant> Enrol(AgentEnrolRequest request, CancellationToken cancellation = default) =>
        _gateway.Call<AgentGrant>(
            Ask("enrol", request, GrantLimit) with
            {
                MayAnotherTake = static refusal => refusal.Status is not (400 or 401 or 410),
            }, cancellation);

    /// <summary>Renews an agent's certificate and token. Each silo has 10 s to answer.</summary>
    public Task<AgentGrant> Renew(AgentRenewRequest request, CancellationToken cancellation = default) =>
        _gateway.Call<AgentGrant>(Ask("renew", request, GrantLimit), cancellation);

    /// <summary>Asks what became of a write that an agent has promised. Each silo has 2 s to answer.</summary>
    public Task<Resolution> Resolve(OpenEntryQuestion question, CancellationToken cancellation = default) =>
        _gateway.Call<Resolution>(Ask("resolve", question, QuestionLimit), cancellation);

    /// <summary>How far a silo's model is. It has 2 s to answer.</summary>
    /// <param name="silo">Only this one is asked.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<CopyPoint> DescribeModel(Uri silo, CancellationToken cancellation = default) =>
        _gateway.Call<CopyPoint>(
            GatewayRequest.Read("/v1/agents/model") with { Only = silo, AnswerTimeout = QuestionLimit }, cancellation);

    // A silo that lags knows less than another: its refusal is not the fleet's.
    private static GatewayRequest Ask(string path, object body, TimeSpan limit) =>
        GatewayRequest.Act(HttpMethod.Post, "/v1/agents/" + path, body) with
        {
            IsRepeatable = true, AnswerTimeout = limit, MayAnotherTake = static _ => true,
        };
}
