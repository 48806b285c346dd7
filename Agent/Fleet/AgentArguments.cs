using Aedile.Agent.Repositories;

namespace Aedile.Agent.Fleet;

/// <summary>Reads options from arguments, variables and file, and refuses what it doesn't know.</summary>
internal static class AgentArguments
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["--node"] = nameof(AgentOptions.Node), ["--data"] = nameof(AgentOptions.Data),
        ["--listen"] = nameof(AgentOptions.Listen), ["--silos"] = nameof(AgentOptions.Silos),
        ["--enrolment-file"] = nameof(AgentOptions.EnrolmentFile), ["--ca-file"] = nameof(AgentOptions.CaFile),
        ["--parent"] = nameof(AgentOptions.Parent),
        ["--config"] = "Config",
    };

    /// <summary>What <c>--help</c> prints.</summary>
    public const string Usage = """
        aedile-agent --data DIR --listen http://127.0.0.1:PORT|https://ADDRESS:PORT --silos URL[,URL...]
                     [--enrolment-file FILE] [--ca-file FILE] [--node NAME] [--parent PID] [--config FILE.json]

        The first start needs a one-time token, in the file or in AEDILE_ENROLMENT; what it gives is kept in the data
        folder. Every option can also be given as a variable (AEDILE_NODE, AEDILE_SILOS, ...) or in the file. The
        storage role's bounds are in the section Storage of the file, or variables as AEDILE_STORAGE__PACKSIZEMAX.
        """;

    /// <summary>The options, checked.</summary>
    /// <exception cref="StartException">An option is unknown, lacks its value, or is out of bounds.</exception>
    public static (AgentOptions Agent, StorageOptions Storage) Read(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (!Names.TryGetValue(arguments[i], out var name))
                throw new StartException($"Option '{arguments[i]}' is unknown.\n{Usage}");
            if (i + 1 == arguments.Count) throw new StartException($"Option '{arguments[i]}' needs a value.");
            given[name] = arguments[i + 1];
        }
        try
        {
            var builder = new ConfigurationBuilder();
            if (given.TryGetValue("Config", out var file))
                builder.AddJsonFile(Path.GetFullPath(file!), optional: false);
            var configuration = builder.AddEnvironmentVariables("AEDILE_").AddInMemoryCollection(given).Build();
            var agent = configuration.Get<AgentOptions>() ?? new AgentOptions();
            var storage = configuration.GetSection("Storage").Get<StorageOptions>() ?? new StorageOptions();
            var faults = agent.Faults().Concat(storage.Faults()).ToList();
            return faults.Count == 0 ? (agent, storage) : throw new StartException(string.Join('\n', faults));
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidDataException or FileNotFoundException)
        {
            throw new StartException(e.Message, e);
        }
    }
}
