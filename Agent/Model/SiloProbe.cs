using Aedile.Agent.Fleet;
using Aedile.Client.Gateway;
using Aedile.Client.Model.Copies;

namespace Aedile.Agent.Model;

/// <summary>Asks the other silos how far their model is. Only while the session's own silo lags.</summary>
internal sealed class SiloProbe(AedileClient client, SiloList silos)
{
    /// <summary>A silo that is better off than the session's; null when there is none, or none answers.</summary>
    /// <param name="mine">The session's silo.</param>
    /// <param name="at">What it says of itself.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Uri?> FindBetter(Uri mine, CopyPoint at, CancellationToken cancellation)
    {
        var others = silos.Candidates.Where(silo => silo != mine).ToList();
        var points = await Task.WhenAll(others.Select(silo => Ask(silo, cancellation)));
        return others.Zip(points)
            .Where(answer => answer.Second is { } point && LagRule.IsBetter(at, point))
            .OrderBy(answer => answer.Second!.AgeMs).Select(answer => answer.First).FirstOrDefault();
    }

    private async Task<CopyPoint?> Ask(Uri silo, CancellationToken cancellation)
    {
        try
        {
            return await client.Agents.DescribeModel(silo, cancellation);
        }
        catch (Exception error) when (
            error is ProblemException or GatewayAwayException or OperationCanceledException)
        {
            return null; // It is no better off, then.
        }
    }
}
