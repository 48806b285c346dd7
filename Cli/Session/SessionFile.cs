using System.Collections.Immutable;
using System.Text.Json;
using Aedile.Client;

namespace Aedile.Cli.Session;

/// <summary>What <c>login</c> leaves for later commands.</summary>
/// <param name="Addresses">Where the fleet is.</param>
/// <param name="Token">What calls carry.</param>
/// <param name="Identity">Whose token; null for a static one.</param>
/// <param name="TokenId">The token's id, to take it back by; null for a static one.</param>
/// <param name="ExpiresAt">Until when (UTC) it is taken; null for as long as the file of a static one says it.</param>
/// <param name="CaFile">Where the authorities are that its gateways are known by; null: the machine's are used.</param>
internal sealed record StoredSession(
    ImmutableArray<Uri> Addresses, string Token, string? Identity, string? TokenId, DateTimeOffset? ExpiresAt,
    string? CaFile = null);

/// <summary>
/// The session in <c>$XDG_CONFIG_HOME/aedile/session.json</c> (else <c>~/.config</c>), which only its owner may read.
/// </summary>
internal sealed class SessionFile(string folder, Func<string, string?> variable)
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    private string Path => System.IO.Path.Combine(folder, "session.json");

    /// <summary>The file of who runs the program.</summary>
    public static SessionFile Default(Func<string, string?> variable)
    {
        var home = variable("XDG_CONFIG_HOME") is { Length: > 0 } given
            ? given
            : System.IO.Path.Combine(variable("HOME") ?? ".", ".config");
        return new SessionFile(System.IO.Path.Combine(home, "aedile"), variable);
    }

    /// <summary>A variable of the environment; null when it is not set, or empty.</summary>
    public string? Variable(string name) => variable(name) is { Length: > 0 } value ? value : null;

    /// <summary>The session; null when there is none.</summary>
    /// <exception cref="UsageException">There is one that can't be read.</exception>
    public StoredSession? Read()
    {
        if (!File.Exists(Path)) return null;
        try
        {
            var session = JsonSerializer.Deserialize<StoredSession>(File.ReadAllText(Path), Wire.Answers);
            return session is { Addresses.IsDefaultOrEmpty: false }
                ? session
                : throw new UsageException($"{Path} names no gateway; log in again.");
        }
        catch (JsonException error)
        {
            throw new UsageException($"{Path} can't be read ({error.Message}); log in again.");
        }
    }

    /// <summary>Keeps a session instead of the one before. It is never readable by others, not for a moment.</summary>
    public void Write(StoredSession session)
    {
        Directory.CreateDirectory(folder, FolderMode);
        var next = Path + ".new";
        File.Delete(next);
        var options = new FileStreamOptions
        {
            Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = FileMode,
        };
        using (var stream = new FileStream(next, options))
        {
            JsonSerializer.Serialize(stream, session, Wire.Json);
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, Path, overwrite: true);
    }

    /// <summary>Forgets the session.</summary>
    public void Delete() => File.Delete(Path);
}
