using System.Globalization;
using Aedile.Silo.Engines;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Embedded;

/// <summary>The silos and agents that <c>./run</c> keeps running, as commands for the .NET host.</summary>
internal sealed class FleetSpecs(EmbeddedOptions options, DataFolder data, AgentEnroller enroller)
{
    private readonly string _parent = $"{Environment.ProcessId}";

    /// <summary>Silos first.</summary>
    public IEnumerable<ChildSpec> All() =>
        Enumerable.Range(1, options.Silos).Select(Silo).Concat(Enumerable.Range(1, options.Agents).Select(Agent));

    /// <summary>An address as programs take it.</summary>
    public static string Text(Uri address) => address.GetLeftPart(UriPartial.Authority);

    private ChildSpec Silo(int number)
    {
        var name = EmbeddedOptions.SiloName(number);
        var nodes = Enumerable.Range(1, options.Agents).Select(EmbeddedOptions.NodeName);
        string[] shared = !options.IsFleet ? [] :
        [
            "--name", name, "--database-file", data.ConnectionFile,
            "--silo-port", options.SiloPort(number).ToString(CultureInfo.InvariantCulture),
            "--gateway-port", options.GatewayPort(number).ToString(CultureInfo.InvariantCulture),
            // They meet on the loopback device, where an engine that can't encrypt may do without.
            "--silo-tls", options.HasTls && HostedEngine.WhyNoTls is null ? "on" : "off",
        ];
        return new ChildSpec(name, "silo", options.SiloAddress(number),
        [
            typeof(FleetSpecs).Assembly.Location, "--data", data.Root, "--urls", Text(options.SiloAddress(number)),
            "--parent", _parent, "--nodes", string.Join(',', nodes), .. shared,
        ]);
    }

    private ChildSpec Agent(int number)
    {
        var name = EmbeddedOptions.NodeName(number);
        return new ChildSpec(name, "agent", options.AgentAddress(number),
        [
            options.AgentProgram, "--node", name, "--data", data.Agent(name), "--listen",
            Text(options.AgentAddress(number)), "--silos", string.Join(',', options.SiloAddresses.Select(Text)),
            "--enrolment-file", data.AgentEnrolmentFile(name), "--parent", _parent,
            .. options.HasTls ? (string[])["--ca-file", data.AuthoritiesFile] : [],
        ])
        {
            Prepare = stop => enroller.Ensure(name, stop),
        };
    }
}
