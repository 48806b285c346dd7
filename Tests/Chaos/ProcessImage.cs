using System.Collections.Immutable;

namespace Aedile.Tests.Chaos;

/// <summary>How a running process was started, so that a hand can start it again.</summary>
internal static class ProcessImage
{
    /// <summary>Its command line and its environment.</summary>
    public static async Task<(ImmutableArray<string> Line, ImmutableDictionary<string, string> Variables)> Read(int pid)
    {
        var line = (await File.ReadAllTextAsync($"/proc/{pid}/cmdline")).TrimEnd('\0').Split('\0');
        var variables = (await File.ReadAllTextAsync($"/proc/{pid}/environ"))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(v => v.Split('=', 2)).Where(v => v.Length == 2)
            .ToImmutableDictionary(v => v[0], v => v[1]);
        return ([.. line], variables);
    }
}
