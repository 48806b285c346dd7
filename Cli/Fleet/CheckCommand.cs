using System.CommandLine;
using Aedile.Client.Fleet;
using Aedile.Client.Gateway;
using Aedile.Client.Model;

namespace Aedile.Cli.Fleet;

/// <summary><c>check</c>: asks every silo, compares what they say, and says what is wrong.</summary>
internal static class CheckCommand
{
    // Replicas follow within milliseconds; who is behind for longer is behind.
    private const int LooksMax = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly IReadOnlyList<Column<Finding>> Columns =
        [new("subject", finding => finding.Subject), new("wrong", finding => finding.Detail)];

    public static Command Make(CommandFrame frame) => frame.Make(
        "check", "Looks at silos, replicas of the model, references, clocks, nodes and repositories. Exit code 1: "
            + "something is wrong.",
        [], async (run, ct) =>
        {
            var fleet = await run.Client.Fleet.Describe(ct);
            var silos = await LookAt(frame, run, fleet, ct);
            var findings = new List<Finding>();
            findings.AddRange(CheckRules.OfSilos(silos));
            findings.AddRange(CheckRules.OfNodes(fleet.Nodes));
            findings.AddRange(CheckRules.OfReferences(await ReadAll(run, ct)));
            await foreach (var repository in run.Client.Repositories.List(500, ct))
            {
                if (CheckRules.OfRepository(repository) is { } finding) findings.Add(finding);
            }

            if (findings.Count > 0)
            {
                await run.Output.List(findings.ToAsyncEnumerable(), Columns, ct);
                return ExitCode.Refused;
            }

            run.Output.Say(
                $"all is well: {silos.Count} silos, {fleet.Nodes.Length} nodes, "
                + $"model at index {silos[0].Model!.Index}");
            return ExitCode.Done;
        });

    private static async Task<IReadOnlyList<SiloReading>> LookAt(
        CommandFrame frame, CommandRun run, FleetResource fleet, CancellationToken cancellation)
    {
        for (var look = 1; ; look++)
        {
            var silos = await Task.WhenAll(fleet.Silos.Select(silo => Ask(frame, run, silo, cancellation)));
            var replicas = silos.Where(silo => silo.Model is not null).ToList();
            // A write between two questions makes replicas differ that don't: look again.
            if (look == LooksMax || !CheckRules.OfReplicas(replicas).Any()) return silos;
            await Task.Delay(Pause, frame.Clock, cancellation);
        }
    }

    private static async Task<SiloReading> Ask(
        CommandFrame frame, CommandRun run, SiloResource silo, CancellationToken cancellation)
    {
        if (silo.Address is not { } address) return new SiloReading(silo.Name, null, null, "it tells no address");
        using var client = frame.ConnectTo(address, run);
        try
        {
            var asked = frame.Clock.GetUtcNow();
            var (clock, took) = await client.Fleet.AskReadiness(cancellation);
            // Whole seconds, somewhere between question and answer.
            var offset = clock is { } told ? told - (asked + (took / 2)) + TimeSpan.FromSeconds(0.5) : (TimeSpan?)null;
            return new SiloReading(silo.Name, await client.Model.Describe(cancellation), offset, null);
        }
        catch (ProblemException refusal)
        {
            return new SiloReading(silo.Name, null, null, $"it doesn't serve: {refusal.Problem.Detail}");
        }
        catch (GatewayAwayException error)
        {
            return new SiloReading(silo.Name, null, null, $"it can't be reached: {error.Message}");
        }
    }

    // Pages are of indexes of their own: what was deleted between two of them looks like a reference that leads
    // nowhere.
    private static async Task<List<Entity>> ReadAll(CommandRun run, CancellationToken cancellation)
    {
        var page = new EntityQuery(PageSize: 1_000);
        for (var look = 1; ; look++)
        {
            var all = new List<Entity>();
            foreach (var kind in EntityKinds.All)
            {
                await foreach (var entity in run.Client.Model.List(kind, page, cancellation)) all.Add(entity);
            }

            if (look == LooksMax || !CheckRules.OfReferences(all).Any()) return all;
        }
    }
}
