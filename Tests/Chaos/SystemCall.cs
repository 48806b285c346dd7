using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Aedile.Tests.Chaos;

/// <summary>
/// One system call of a trace. It took effect at some moment between <paramref name="Begin"/> and
/// <paramref name="End"/>, which are lines of the trace.
/// </summary>
internal sealed partial record SystemCall(string Name, string Arguments, string Result, int Begin, int End)
{
    /// <summary>Whether this one had ended before the other one began.</summary>
    public bool IsBefore(SystemCall other) => End < other.Begin;

    /// <summary>Whether it makes something durable.</summary>
    public bool IsFlush => Name is "fsync" or "fdatasync";

    /// <summary>The file behind its first descriptor, as <c>strace -y</c> shows it.</summary>
    public string File => Descriptor().Match(Arguments) is { Success: true } match ? match.Groups[1].Value : "";

    /// <summary>The name that it makes, changes or takes away last, for calls by name.</summary>
    public string Target => Quoted().Matches(Arguments)[^1].Groups[1].Value;

    /// <summary>The name that a rename or link begins with.</summary>
    public string Source => Quoted().Match(Arguments).Groups[1].Value;

    public override string ToString() => $"{Begin}-{End} {Name}({Arguments}) = {Result}";

    /// <summary>Reads what <c>strace -f -y -o FILE</c> wrote: all calls that ended, in the order they began.</summary>
    public static ImmutableArray<SystemCall> ReadTrace(string path)
    {
        var calls = new List<SystemCall>();
        var begun = new Dictionary<string, (string Name, string Arguments, int At)>();
        var at = 0;
        foreach (var line in System.IO.File.ReadLines(path))
        {
            at++;
            if (Unfinished().Match(line) is { Success: true } first)
                begun[first.Groups[1].Value] = (first.Groups[2].Value, first.Groups[3].Value, at);
            else if (Resumed().Match(line) is { Success: true } rest)
            {
                if (begun.Remove(rest.Groups[1].Value, out var call))
                    calls.Add(new(
                        call.Name, call.Arguments + rest.Groups[2].Value, rest.Groups[3].Value, call.At, at));
            }
            else if (Whole().Match(line) is { Success: true } whole)
                calls.Add(new(whole.Groups[1].Value, whole.Groups[2].Value, whole.Groups[3].Value, at, at));
        }
        return [.. calls.OrderBy(c => c.Begin)];
    }

    [GeneratedRegex(@"^\d+ +(\w+)\((.*)\) += (.+)$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^(\d+) +<\.\.\. \w+ resumed>(.*)\) += (.+)$")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"^\d+<([^>]*)>")]
    private static partial Regex Descriptor();

    [GeneratedRegex(@"""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Quoted();
}
