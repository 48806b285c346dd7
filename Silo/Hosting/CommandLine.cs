using System.Globalization;

namespace Aedile.Silo.Hosting;

/// <summary>Options of the form <c>--name value</c>; each at most once, none unknown.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private CommandLine() { }

    /// <summary>Parses arguments.</summary>
    /// <param name="arguments">What was given.</param>
    /// <param name="known">Names that are allowed, without dashes.</param>
    /// <exception cref="StartupException">One is unknown, repeated or without its value.</exception>
    public static CommandLine Parse(ReadOnlySpan<string> arguments, params ReadOnlySpan<string> known)
    {
        var line = new CommandLine();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var name = arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][2..] : "";
            if (!known.Contains(name)) throw new StartupException($"The option '{arguments[i]}' is unknown.");
            if (i + 1 == arguments.Length) throw new StartupException($"The option --{name} needs a value.");
            if (!line._values.TryAdd(name, arguments[i + 1]))
                throw new StartupException($"The option --{name} is there twice.");
        }
        return line;
    }

    /// <summary>The value of an option; null when it wasn't given.</summary>
    public string? Get(string name) => _values.GetValueOrDefault(name);

    /// <summary>The value of an option that must be given.</summary>
    public string Require(string name) => Get(name) ?? throw new StartupException($"The option --{name} is needed.");

    /// <summary>A number within bounds; <paramref name="fallback"/> when it wasn't given.</summary>
    public int GetNumber(string name, int min, int max, int fallback)
    {
        if (Get(name) is not { } text) return fallback;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max
                ? number
                : throw new StartupException(
                    $"The option --{name} must be a number from {min} to {max}, not '{text}'.");
    }
}
