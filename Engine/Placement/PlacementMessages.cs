using Orleans;

namespace Aedile.Engine.Placement;

/// <summary>Have you handed over every grain that isn't yours under a view?</summary>
/// <param name="View">A version of the table with these hosts; who has an older one reads the table first.</param>
/// <param name="Hosts">Identity of the set of hosts.</param>
[GenerateSerializer, Alias("aedile.Handover"), Immutable]
internal sealed record Handover([property: Id(0)] long View, [property: Id(1)] ulong Hosts);

/// <param name="Done">True: under these hosts it runs only grains that are its own.</param>
/// <param name="View">The newest view that it has.</param>
[GenerateSerializer, Alias("aedile.HandoverReply"), Immutable]
internal sealed record HandoverReply([property: Id(0)] bool Done, [property: Id(1)] long View);
