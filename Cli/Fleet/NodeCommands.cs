using System.CommandLine;
using Aedile.Client.Fleet;

namespace Aedile.Cli.Fleet;

/// <summary><c>node</c>: the machines with our agents, as the answering silo sees them.</summary>
internal static class NodeCommands
{
    private static readonly IReadOnlyList<Column<NodeResource>> Columns =
    [
        new("name", node => node.Name.Value), new("state", node => node.State),
        new("roles", node => node.Roles.IsDefaultOrEmpty ? "-" : string.Join(',', node.Roles)),
        new("silo", node => node.Silo ?? "-"), new("epoch", node => node.Epoch?.ToString() ?? "-"),
        new("endpoint", node => node.Endpoint?.ToString() ?? "-"), new("since", node => Output.At(node.Since)),
    ];

    private static readonly IReadOnlyList<Column<SiloResource>> SiloColumns =
    [
        new("name", silo => silo.Name), new("state", silo => silo.Ready ? "ready" : silo.Reason ?? "not ready"),
        new("address", silo => silo.Address?.ToString() ?? "-"), new("version", silo => silo.Version),
        new("since", silo => Output.At(silo.Since)),
    ];

    public static Command Make(CommandFrame frame)
    {
        var name = new Argument<string>("NAME") { Description = "Name of a node." };
        return new Command("node", "Nodes and their agents; silos.")
        {
            frame.Make("list", "Lists all nodes.", [], async (run, ct) =>
            {
                var fleet = await run.Client.Fleet.Describe(ct);
                await run.Output.List(fleet.Nodes.ToAsyncEnumerable(), Columns, ct);
            }),
            frame.Make("silos", "Lists all silos.", [], async (run, ct) =>
            {
                var fleet = await run.Client.Fleet.Describe(ct);
                await run.Output.List(fleet.Silos.ToAsyncEnumerable(), SiloColumns, ct);
            }),
            frame.Make("show", "Shows a node.", [name], async (run, ct) =>
            {
                var fleet = await run.Client.Fleet.Describe(ct);
                if (fleet.Nodes.FirstOrDefault(node => node.Name.Value == run.Get(name)) is not { } found)
                {
                    frame.Terminal.Complain($"There is no node '{run.Get(name)}'.");
                    return ExitCode.Refused;
                }

                run.Output.Show(
                    found,
                    [
                        .. Columns.Select(column => (column.Title, column.Cell(found))),
                        ("agent", found.AgentVersion ?? "-"), ("pid", found.Pid?.ToString() ?? "-"),
                        ("last beat", Output.At(found.LastBeat)),
                    ]);
                return ExitCode.Done;
            }),
        };
    }
}
