using Aedile.Engine.Messaging;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Management;

/// <summary>Answers the questions of clients about the fleet, by asking this silo's management grain.</summary>
internal sealed class ManagementDesk(Func<IManagementGrain> management, IGrainFactory references)
{
    /// <summary>Answers clients. Before the silo listens.</summary>
    public void Answer(LinkQuestions questions)
    {
        questions.Answer<HostsQuestion, HostsReply>(PeerKind.Client, (_, question) => Hosts(question));
        questions.Answer<FleetCountsQuestion, FleetCounts>(PeerKind.Client, (_, question) => Count(question));
        questions.Answer<FleetListQuestion, FleetList>(PeerKind.Client, (_, question) => List(question));
        questions.Answer<FleetCollection, FleetCollected>(PeerKind.Client, (_, question) => Collect(question));
        questions.Answer<WhereQuestion, WhereReply>(PeerKind.Client, (_, question) => Where(question));
    }

    private async Task<HostsReply> Hosts(HostsQuestion question) => new(
    [
        .. (await management().GetDetailedHosts(question.OnlyActive)).Select(host => new HostRow(
            host.SiloAddress.ToParsableString(), (int)host.Status,
            [.. host.SuspectTimes.Select(vote => new HostVote(vote.Item1.ToParsableString(), Utc(vote.Item2)))],
            host.ProxyPort, host.HostName, host.SiloName, Utc(host.StartTime), Utc(host.IAmAliveTime))),
    ]);

    private async Task<FleetCounts> Count(FleetCountsQuestion question)
    {
        var counts = SilosOf(question.Silos) is { } silos
            ? await management().GetSimpleGrainStatistics(silos)
            : await management().GetSimpleGrainStatistics();
        return new FleetCounts(
        [
            .. counts.Select(found => new FleetCount(
                found.SiloAddress.ToParsableString(), found.GrainType, found.ActivationCount)),
        ]);
    }

    private async Task<FleetList> List(FleetListQuestion question)
    {
        var found = await management().GetDetailedGrainStatistics([.. question.Classes], SilosOf(question.Silos));
        return new FleetList(
        [
            .. found.Select(one => new FleetActivation(
                one.SiloAddress.ToParsableString(), one.GrainType, one.GrainId.ToString())),
        ]);
    }

    private async Task<FleetCollected> Collect(FleetCollection question)
    {
        if (SilosOf(question.Silos) is { } silos) await management().ForceActivationCollection(silos, question.Age);
        else await management().ForceActivationCollection(question.Age);
        return new FleetCollected();
    }

    private async Task<WhereReply> Where(WhereQuestion question)
    {
        var reference = references.GetGrain<IAddressable>(GrainId.Parse(question.Grain));
        return new WhereReply((await management().GetActivationAddress(reference))?.ToParsableString() ?? "");
    }

    private static SiloAddress[]? SilosOf(WhichSilos which) =>
        which.All ? null : [.. which.Silos.Select(text => SiloAddress.Parse(text))];

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
