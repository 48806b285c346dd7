using System.Text;

namespace Aedile.Cli;

/// <summary>Where a command reads and writes.</summary>
/// <param name="In">Standard input.</param>
/// <param name="Out">Standard output: results only.</param>
/// <param name="Error">Standard error: everything else.</param>
/// <param name="IsPiped">Whether standard input is no keyboard.</param>
internal sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error, bool IsPiped)
{
    /// <summary>Says what is wrong.</summary>
    public void Complain(string message) => Error.WriteLine($"aedile: {Plain(message)}");

    /// <summary>Reads a secret: from the keyboard without showing it, or one line of a pipe.</summary>
    public string ReadSecret(string prompt)
    {
        if (IsPiped)
            return In.ReadLine() ?? throw new UsageException($"{prompt}: standard input has nothing to read.");
        Error.Write($"{prompt}: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key is ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (key.KeyChar != 0) typed.Append(key.KeyChar);
        }

        Error.WriteLine();
        return typed.ToString();
    }

    /// <summary>The text without characters that would steer a terminal: names come from strangers.</summary>
    public static string Plain(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
}
