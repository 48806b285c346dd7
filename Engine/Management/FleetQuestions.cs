using System.Collections.Immutable;
using Orleans;

namespace Aedile.Engine.Management;

/// <summary>A client asks for the silos of the fleet.</summary>
[GenerateSerializer, Alias("aedile.HostsQuestion"), Immutable]
internal sealed record HostsQuestion([property: Id(0)] bool OnlyActive);

/// <summary>The silos of the fleet.</summary>
[GenerateSerializer, Alias("aedile.HostsReply"), Immutable]
internal sealed record HostsReply([property: Id(0)] ImmutableArray<HostRow> Hosts);

/// <summary>One silo; addresses as <c>ip:port@generation</c>.</summary>
[GenerateSerializer, Alias("aedile.HostRow"), Immutable]
internal sealed record HostRow(
    [property: Id(0)] string Silo, [property: Id(1)] int Status, [property: Id(2)] ImmutableArray<HostVote> Votes,
    [property: Id(3)] int GatewayPort, [property: Id(4)] string HostName, [property: Id(5)] string Name,
    [property: Id(6)] DateTimeOffset StartedAt, [property: Id(7)] DateTimeOffset AliveAt);

/// <summary>A vote against a silo.</summary>
[GenerateSerializer, Alias("aedile.HostVote"), Immutable]
internal sealed record HostVote([property: Id(0)] string Voter, [property: Id(1)] DateTimeOffset At);

/// <summary>Which silos a question is about.</summary>
/// <param name="All">All that are active, else those listed.</param>
/// <param name="Silos">Their addresses.</param>
[GenerateSerializer, Alias("aedile.WhichSilos"), Immutable]
internal sealed record WhichSilos([property: Id(0)] bool All, [property: Id(1)] ImmutableArray<string> Silos);

/// <summary>A client asks how many activations there are, by silo and class.</summary>
[GenerateSerializer, Alias("aedile.FleetCountsQuestion"), Immutable]
internal sealed record FleetCountsQuestion([property: Id(0)] WhichSilos Silos);

/// <summary>Activations by silo and class.</summary>
[GenerateSerializer, Alias("aedile.FleetCounts"), Immutable]
internal sealed record FleetCounts([property: Id(0)] ImmutableArray<FleetCount> Counts);

/// <summary>Activations of one class on one silo.</summary>
[GenerateSerializer, Alias("aedile.FleetCount"), Immutable]
internal sealed record FleetCount(
    [property: Id(0)] string Silo, [property: Id(1)] string Class, [property: Id(2)] int Count);

/// <summary>A client asks for the activations themselves.</summary>
/// <param name="Classes">Full names; empty: all.</param>
/// <param name="Silos">Where.</param>
[GenerateSerializer, Alias("aedile.FleetListQuestion"), Immutable]
internal sealed record FleetListQuestion(
    [property: Id(0)] ImmutableArray<string> Classes, [property: Id(1)] WhichSilos Silos);

/// <summary>Activations.</summary>
[GenerateSerializer, Alias("aedile.FleetList"), Immutable]
internal sealed record FleetList([property: Id(0)] ImmutableArray<FleetActivation> Activations);

/// <summary>One activation of the fleet.</summary>
[GenerateSerializer, Alias("aedile.FleetActivation"), Immutable]
internal sealed record FleetActivation(
    [property: Id(0)] string Silo, [property: Id(1)] string Class, [property: Id(2)] string Grain);

/// <summary>A client wants idle activations to end.</summary>
[GenerateSerializer, Alias("aedile.FleetCollection"), Immutable]
internal sealed record FleetCollection([property: Id(0)] WhichSilos Silos, [property: Id(1)] TimeSpan Age);

/// <summary>It was done.</summary>
[GenerateSerializer, Alias("aedile.FleetCollected"), Immutable]
internal sealed record FleetCollected;

/// <summary>A client asks where a grain lives.</summary>
[GenerateSerializer, Alias("aedile.WhereQuestion"), Immutable]
internal sealed record WhereQuestion([property: Id(0)] string Grain);

/// <param name="Silo">Empty: nowhere now.</param>
[GenerateSerializer, Alias("aedile.WhereReply"), Immutable]
internal sealed record WhereReply([property: Id(0)] string Silo);
