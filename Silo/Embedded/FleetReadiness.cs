using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Gateway;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Embedded;

/// <summary>Waits until every silo serves and every agent's session stands.</summary>
internal sealed class FleetReadiness(ImmutableArray<Uri> silos, DataFolder data, TimeProvider clock)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Polls the silos.</summary>
    /// <param name="agents">How many sessions to wait for; each silo must know of all.</param>
    /// <param name="progress">Told whenever more serve or stand.</param>
    /// <param name="cancellation">Stops the wait.</param>
    public async Task Wait(int agents, Action<string> progress, CancellationToken cancellation)
    {
        using var client = OwnFleet.Connect(silos, data, AnswerLimit, clock);
        client.Token = DataFolder.ReadSecret(data.AdminTokenFile);
        var (seenSilos, seenAgents) = (0, 0);
        while (true)
        {
            var answers = await Task.WhenAll(silos.Select(silo => Ask(client, silo, cancellation)));
            var ready = answers.OfType<FleetResource>().Where(fleet => fleet.Silo.Ready).ToList();
            var count = ready.Select(fleet => fleet.Nodes.Count(n => n.State == "running")).DefaultIfEmpty().Min();
            if (ready.Count != seenSilos)
                progress(silos.Length == 1 ? "silo is ready" : $"{ready.Count} of {silos.Length} silos are ready");
            if (count != seenAgents) progress($"{count} of {agents} agents are connected");
            (seenSilos, seenAgents) = (ready.Count, count);
            if (ready.Count == silos.Length && count >= agents) return;
            await Task.Delay(Interval, clock, cancellation);
        }
    }

    // None: it doesn't listen yet; or it does, but a busy machine has not let it answer.
    private static async Task<FleetResource?> Ask(AedileClient client, Uri silo, CancellationToken cancellation)
    {
        try
        {
            return await client.Fleet.Describe(silo, cancellation);
        }
        catch (Exception error) when (error is ProblemException or GatewayAwayException)
        {
            return null;
        }
    }
}
