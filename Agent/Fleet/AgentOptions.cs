using System.Net;
using Aedile.Client.Fleet;

namespace Aedile.Agent.Fleet;

/// <summary>How an agent is started: by arguments, by <c>AEDILE_</c> variables, or by a file; arguments win.</summary>
internal sealed class AgentOptions
{
    /// <summary>The node's name (<c>--node</c>). Required.</summary>
    public string Node { get; set; } = "";

    /// <summary>Folder that is this agent's alone (<c>--data</c>). Required; made when missing.</summary>
    public string Data { get; set; } = "";

    /// <summary>Address of its own endpoint (<c>--listen</c>), on the loopback device. Required.</summary>
    public string Listen { get; set; } = "";

    /// <summary>Addresses of silos, separated by commas (<c>--silos</c>). Required.</summary>
    public string Silos { get; set; } = "";

    /// <summary>File with the fleet token (<c>--token-file</c>). Required.</summary>
    public string TokenFile { get; set; } = "";

    /// <summary>Process whose end ends this agent at once (<c>--parent</c>); 0 for none.</summary>
    public int Parent { get; set; }

    /// <summary>The silos' addresses.</summary>
    public IReadOnlyList<Uri> ParseSilos() => [.. Split(Silos).Select(s => new Uri(s))];

    /// <summary>What is wrong with the values, a sentence each; empty when nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        if (!NodeName.TryParse(Node, null, out _))
            yield return $"--node '{Node}' must be a name of 1 to 63 letters a-z, digits and dashes.";
        if (Data.Length == 0) yield return "--data must name a folder.";
        // Git separates folders of objects by colons, and reads quotes in them.
        else if (Path.GetFullPath(Data).AsSpan().IndexOfAny(":\"\\\n") >= 0)
            yield return $"--data '{Data}' must not hold a colon, quote, backslash or line feed.";
        if (!Uri.TryCreate(Listen, UriKind.Absolute, out var listen) || listen.Scheme != "http" || !IsLoopback(listen))
            yield return $"--listen '{Listen}' must be an http address on the loopback device, "
                + "as http://127.0.0.1:8481.";
        if (Split(Silos) is not { Length: > 0 } silos || !silos.All(IsHttp))
            yield return $"--silos '{Silos}' must be http addresses, separated by commas.";
        if (!File.Exists(TokenFile)) yield return $"--token-file '{TokenFile}' does not exist.";
        if (Parent < 0) yield return $"--parent {Parent} must be a process id.";
    }

    private static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsHttp(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");

    private static bool IsLoopback(Uri uri) =>
        uri.Host == "localhost"
            || IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);
}
