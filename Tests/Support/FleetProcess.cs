using System.Collections.Immutable;
using System.Text.Json;

namespace Aedile.Tests.Support;

/// <summary>One line of <c>run.json</c>.</summary>
/// <param name="Name">For an agent, its node's name.</param>
/// <param name="Role">As in <c>silo</c>.</param>
/// <param name="Pid">Process id.</param>
/// <param name="Address">Where it listens; empty if it doesn't.</param>
public sealed record FleetProcess(string Name, string Role, int Pid, string Address)
{
    /// <summary>Reads the file.</summary>
    public static ImmutableArray<FleetProcess> Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        var list = json.RootElement.ValueKind is JsonValueKind.Array
            ? json.RootElement
            : json.RootElement.GetProperty("processes");
        return
        [
            .. list.EnumerateArray().Select(p => new FleetProcess(
                p.GetProperty("name").GetString()!, p.GetProperty("role").GetString()!,
                p.GetProperty("pid").GetInt32(),
                p.TryGetProperty("address", out var address) ? address.GetString() ?? "" : "")),
        ];
    }
}
