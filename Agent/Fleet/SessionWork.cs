using Aedile.Agent.Model;

namespace Aedile.Agent.Fleet;

/// <summary>What a session carries besides its beats.</summary>
/// <param name="Model">The copy that it brings up to date.</param>
/// <param name="Status">What it tells of the node.</param>
/// <param name="Probe">Finds a silo that is better off.</param>
/// <param name="Log">Says so.</param>
internal sealed record SessionWork(AgentModel Model, StatusReporter Status, SiloProbe Probe, ILogger Log);
