using System.Diagnostics.CodeAnalysis;
using System.Net;
using Aedile.Client.Fleet;

namespace Aedile.Agent.Fleet;

/// <summary>How an agent is started: by arguments, by <c>AEDILE_</c> variables, or by a file; arguments win.</summary>
internal sealed class AgentOptions
{
    /// <summary>
    /// The node's name (<c>--node</c>), which the enrolment must give too; empty: whatever it gives.
    /// </summary>
    public string Node { get; set; } = "";

    /// <summary>Folder that is this agent's alone (<c>--data</c>). Required; made when missing.</summary>
    public string Data { get; set; } = "";

    /// <summary>
    /// Address of its own endpoint (<c>--listen</c>); other than on the loopback device it is https. Required.
    /// </summary>
    public string Listen { get; set; } = "";

    /// <summary>Addresses of silos, separated by commas (<c>--silos</c>). Required.</summary>
    public string Silos { get; set; } = "";

    /// <summary>File with the one-time token (<c>--enrolment-file</c>); read while the agent isn't enrolled.</summary>
    public string EnrolmentFile { get; set; } = "";

    /// <summary>The one-time token itself; by variable only: an argument list is public.</summary>
    public string Enrolment { get; set; } = "";

    /// <summary>
    /// Authorities (PEM) by which silos are known until the agent is enrolled (<c>--ca-file</c>); empty: the machine's.
    /// </summary>
    public string CaFile { get; set; } = "";

    /// <summary>Process whose end ends this agent at once (<c>--parent</c>); 0 for none.</summary>
    public int Parent { get; set; }

    /// <summary>The silos' addresses.</summary>
    public IReadOnlyList<Uri> ParseSilos() => [.. Split(Silos).Select(s => new Uri(s))];

    /// <summary>The one-time token; null when none was given.</summary>
    /// <exception cref="StartException">The file can't be read.</exception>
    public string? ReadEnrolment()
    {
        if (Enrolment.Length > 0) return Enrolment.Trim();
        // It may be gone once it was used.
        if (EnrolmentFile.Length == 0 || !File.Exists(EnrolmentFile)) return null;
        try
        {
            return File.ReadAllText(EnrolmentFile).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"--enrolment-file '{EnrolmentFile}' can't be read: {e.Message}", e);
        }
    }

    /// <summary>What is wrong with the values, a sentence each; empty when nothing is.</summary>
    public IEnumerable<string> Faults()
    {
        if (Node.Length > 0 && !NodeName.TryParse(Node, null, out _))
            yield return $"--node '{Node}' must be a name of 1 to 63 letters a-z, digits and dashes.";
        if (Data.Length == 0) yield return "--data must name a folder.";
        // Git separates folders of objects by colons, and reads quotes in them.
        else if (Path.GetFullPath(Data).AsSpan().IndexOfAny(":\"\\\n") >= 0)
            yield return $"--data '{Data}' must not hold a colon, quote, backslash or line feed.";
        if (!IsHttp(Listen, out var listen))
            yield return $"--listen '{Listen}' must be an http or https address, as http://127.0.0.1:8481.";
        else if (listen.Scheme is "http" && !IsLoopback(listen))
            yield return $"--listen '{Listen}' is not on the loopback device: there it must be https, "
                + "for commands and packs would travel in the clear.";
        else if (listen.HostNameType is UriHostNameType.Dns && !IsLoopback(listen))
            yield return $"--listen '{Listen}' must name an address, as https://192.0.2.1:8481.";
        if (Split(Silos) is not { Length: > 0 } silos || !silos.All(text => IsHttp(text, out _)))
            yield return $"--silos '{Silos}' must be http or https addresses, separated by commas.";
        else if (silos.Select(text => new Uri(text)).Any(silo => silo.Scheme is "http" && !IsLoopback(silo)))
            yield return $"--silos '{Silos}': a silo on another machine must be called by https, "
                + "for the agent's token would travel in the clear.";
        if (Parent < 0) yield return $"--parent {Parent} must be a process id.";
    }

    private static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsHttp(string text, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(text, UriKind.Absolute, out uri) && uri.Scheme is ("http" or "https");

    private static bool IsLoopback(Uri uri) =>
        uri.Host == "localhost"
            || IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);
}
