using System.Collections.Immutable;
using System.Text;

namespace Aedile.Tests.Support;

/// <summary>The command line as a person has it: a process, with a folder of its own for its session.</summary>
public sealed class AedileCommand(Uri address) : IDisposable
{
    private readonly TestFolder _folder = new("aedile");

    /// <summary>Where the session is kept.</summary>
    public string SessionFile => _folder["config/aedile/session.json"];

    /// <summary>File with the authorities that gateways are known by; null: the machine's.</summary>
    public string? Authorities { get; init; }

    /// <summary>How many seconds it goes on while no gateway answers; null: as people have it.</summary>
    public int? Patience { get; init; }

    private string[] Everywhere => Patience is { } seconds ? ["--patience", $"{seconds}"] : [];

    /// <summary>Writes a file for the command to read; its path.</summary>
    public string File(string name, string content)
    {
        var path = _folder[name];
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>The command, not started yet.</summary>
    public Command Make(params string[] arguments) => new("dotnet", [BuildOutput.Cli, .. Everywhere, .. arguments])
    {
        Variables = ImmutableDictionary<string, string>.Empty
            .SetItem("XDG_CONFIG_HOME", _folder["config"])
            .SetItem("AEDILE_ADDRESS", address.ToString()).SetItem("AEDILE_TOKEN_FILE", "")
            .AddRange(Authorities is null ? [] : [KeyValuePair.Create("AEDILE_CA_FILE", Authorities)]),
    };

    /// <summary>Runs the command to its end.</summary>
    public Task<CommandResult> Run(params string[] arguments) => Make(arguments).Run();

    /// <summary>Runs the command with something to read.</summary>
    public Task<CommandResult> RunWith(string input, params string[] arguments) =>
        (Make(arguments) with { Input = Encoding.UTF8.GetBytes(input) }).Run();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
