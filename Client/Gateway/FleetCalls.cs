using Aedile.Client.Fleet;

namespace Aedile.Client.Gateway;

/// <summary>Silos and nodes: <c>/v1/fleet</c>.</summary>
public sealed class FleetCalls
{
    private readonly GatewayConnection _gateway;

    internal FleetCalls(GatewayConnection gateway) => _gateway = gateway;

    /// <summary>All silos and nodes, as the answering silo sees them.</summary>
    public Task<FleetResource> Describe(CancellationToken cancellation = default) =>
        _gateway.Call<FleetResource>(GatewayRequest.Read("/v1/fleet"), cancellation);

    /// <summary>All silos and nodes, as one silo sees them; no other is asked.</summary>
    public Task<FleetResource> Describe(Uri silo, CancellationToken cancellation = default) =>
        _gateway.Call<FleetResource>(GatewayRequest.Read("/v1/fleet") with { Only = silo }, cancellation);

    /// <summary>Asks whether the answering silo serves; needs no token.</summary>
    /// <returns>Its clock when it answered (UTC, whole seconds), and how long the answer took.</returns>
    /// <exception cref="ProblemException"><c>unavailable</c>: it doesn't, and why.</exception>
    public async Task<(DateTimeOffset? Clock, TimeSpan Took)> AskReadiness(CancellationToken cancellation = default)
    {
        var begun = _gateway.Clock.GetTimestamp();
        var clock = await _gateway.Exchange(
            GatewayRequest.Read("/readyz"), static (answer, _) => Task.FromResult(answer.Headers.Date), cancellation);
        return (clock, _gateway.Clock.GetElapsedTime(begun));
    }
}
