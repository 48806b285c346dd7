using Orleans.Runtime;

namespace Orleans;

/// <summary>A silo's row of the membership table. Times are UTC by the database's clock.</summary>
public sealed class MembershipEntry
{
    public SiloAddress SiloAddress { get; set; } = null!;

    public SiloStatus Status { get; set; }

    /// <summary>Who voted against it, and when.</summary>
    public List<Tuple<SiloAddress, DateTime>> SuspectTimes { get; set; } = [];

    /// <summary>Port for clients; 0: none.</summary>
    public int ProxyPort { get; set; }

    public string HostName { get; set; } = "";

    public string SiloName { get; set; } = "";

    public DateTime StartTime { get; set; }

    /// <summary>Its last beat.</summary>
    public DateTime IAmAliveTime { get; set; }

    public override string ToString() => $"{SiloAddress} {SiloName} {Status}";
}
