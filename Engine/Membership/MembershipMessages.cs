using System.Collections.Immutable;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>Are you there? Cost: nothing but the way.</summary>
/// <param name="View">The newest view that the asker has.</param>
[GenerateSerializer, Alias("aedile.Probe"), Immutable]
internal sealed record Probe([property: Id(0)] long View);

/// <param name="View">The newest view that the answerer has; the asker reads the table when its own is older.</param>
[GenerateSerializer, Alias("aedile.ProbeReply"), Immutable]
internal sealed record ProbeReply([property: Id(0)] long View);

/// <summary>Please probe somebody who doesn't answer me.</summary>
[GenerateSerializer, Alias("aedile.ProbeForMe"), Immutable]
internal sealed record ProbeForMe([property: Id(0)] string Silo, [property: Id(1)] TimeSpan Limit);

/// <param name="Reached">Whether the silo answered.</param>
/// <param name="MayVote">Whether the one in between holds its own lease, so that its failure is a vote.</param>
/// <param name="Refused">Whether the silo's port refused, or its link ended, instead of mere silence.</param>
[GenerateSerializer, Alias("aedile.ProbeForMeReply"), Immutable]
internal sealed record ProbeForMeReply(
    [property: Id(0)] bool Reached, [property: Id(1)] bool MayVote, [property: Id(2)] bool Refused);

/// <summary>Here is a view that you may not have.</summary>
[GenerateSerializer, Alias("aedile.NewView"), Immutable]
internal sealed record NewView(
    [property: Id(0)] long Version, [property: Id(1)] DateTimeOffset ReadAt,
    [property: Id(2)] ImmutableArray<NewViewSilo> Silos);

/// <param name="Version">The newest view that the silo has now.</param>
[GenerateSerializer, Alias("aedile.NewViewReply"), Immutable]
internal sealed record NewViewReply([property: Id(0)] long Version);

/// <summary>I have no lease, and can't say so in the table. Please do; and reply with your newest view.</summary>
[GenerateSerializer, Alias("aedile.NoLease"), Immutable]
internal sealed record NoLease;

/// <summary>A row of a <see cref="NewView"/>.</summary>
[GenerateSerializer, Alias("aedile.NewViewSilo"), Immutable]
internal sealed record NewViewSilo(
    [property: Id(0)] string Address, [property: Id(1)] SiloStatus Status,
    [property: Id(2)] ImmutableArray<NewViewVote> Votes, [property: Id(3)] DateTimeOffset StartedAt,
    [property: Id(4)] DateTimeOffset AliveAt, [property: Id(5)] string Name, [property: Id(6)] string HostName,
    [property: Id(7)] int GatewayPort);

/// <summary>A vote of a <see cref="NewViewSilo"/>.</summary>
[GenerateSerializer, Alias("aedile.NewViewVote"), Immutable]
internal sealed record NewViewVote([property: Id(0)] string Voter, [property: Id(1)] DateTimeOffset At);

/// <summary>Turns views into messages and back.</summary>
internal static class ViewMessages
{
    public static NewView From(MembershipTableSnapshot view) => new(
        view.Version, view.ReadAt,
        [
            .. view.Entries.Select(entry => new NewViewSilo(
                entry.Address.ToParsableString(), entry.Status,
                [.. entry.Suspicions.Select(vote => new NewViewVote(vote.Voter.ToParsableString(), vote.At))],
                entry.StartedAt, entry.AliveAt, entry.Name, entry.HostName, entry.GatewayPort)),
        ]);

    /// <exception cref="FormatException">An address is none.</exception>
    public static MembershipTableSnapshot ToSnapshot(NewView view) => MembershipTableSnapshot.Of(
        view.Version, view.ReadAt, view.Silos.Select(silo => new SiloEntry
        {
            Address = SiloAddress.FromParsableString(silo.Address),
            Status = silo.Status,
            Suspicions =
            [
                .. silo.Votes.Select(vote => new Suspicion(SiloAddress.FromParsableString(vote.Voter), vote.At)),
            ],
            StartedAt = silo.StartedAt,
            AliveAt = silo.AliveAt,
            Name = silo.Name,
            HostName = silo.HostName,
            GatewayPort = silo.GatewayPort,
        }));
}
