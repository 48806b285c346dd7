using Aedile.Engine.Management;
using Aedile.Engine.Messaging;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Client;

/// <summary>The numbers of the fleet, as a gateway knows or collects them.</summary>
/// <remarks>Every question may be asked twice without harm, so one whose gateway dies is asked at the next.</remarks>
internal sealed class ClientManagement(GatewayLinks gateways, LinkQuestions questions, TimeProvider clock)
    : IManagementGrain
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly WhichSilos All = new(All: true, []);

    public async Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) =>
        (await GetDetailedHosts(onlyActive)).ToDictionary(host => host.SiloAddress, host => host.Status);

    public async Task<MembershipEntry[]> GetDetailedHosts(bool onlyActive = false) =>
        [.. (await Ask<HostsQuestion, HostsReply>(new HostsQuestion(onlyActive))).Hosts.Select(Detailed)];

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() => Count(All);

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds) => Count(Only(hostsIds));

    public async Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(
        string[]? types = null, SiloAddress[]? hostsIds = null)
    {
        var found = await Ask<FleetListQuestion, FleetList>(
            new FleetListQuestion([.. types ?? []], hostsIds is null ? All : Only(hostsIds)));
        return
        [
            .. found.Activations.Select(one => new DetailedGrainStatistic
            {
                GrainType = one.Class,
                SiloAddress = SiloAddress.Parse(one.Silo),
                GrainId = GrainId.Parse(one.Grain),
            }),
        ];
    }

    public async Task<int> GetTotalActivationCount() => (await Count(All)).Sum(found => found.ActivationCount);

    public Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit) =>
        Ask<FleetCollection, FleetCollected>(new FleetCollection(Only(hostsIds), ageLimit));

    public Task ForceActivationCollection(TimeSpan ageLimit) =>
        Ask<FleetCollection, FleetCollected>(new FleetCollection(All, ageLimit));

    public async ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference)
    {
        var reply = await Ask<WhereQuestion, WhereReply>(new WhereQuestion(reference.GetGrainId().ToString()));
        return reply.Silo.Length == 0 ? null : SiloAddress.Parse(reply.Silo);
    }

    private static WhichSilos Only(SiloAddress[] silos) =>
        new(false, [.. silos.Select(silo => silo.ToParsableString())]);

    private static MembershipEntry Detailed(HostRow host) => new()
    {
        SiloAddress = SiloAddress.Parse(host.Silo),
        Status = (SiloStatus)host.Status,
        SuspectTimes =
            [.. host.Votes.Select(vote => Tuple.Create(SiloAddress.Parse(vote.Voter), vote.At.UtcDateTime))],
        ProxyPort = host.GatewayPort,
        HostName = host.HostName,
        SiloName = host.Name,
        StartTime = host.StartedAt.UtcDateTime,
        IAmAliveTime = host.AliveAt.UtcDateTime,
    };

    private async Task<SimpleGrainStatistic[]> Count(WhichSilos silos) =>
    [
        .. (await Ask<FleetCountsQuestion, FleetCounts>(new FleetCountsQuestion(silos))).Counts.Select(
            found => new SimpleGrainStatistic
            {
                GrainType = found.Class,
                SiloAddress = SiloAddress.Parse(found.Silo),
                ActivationCount = found.Count,
            }),
    ];

    private async Task<TReply> Ask<TQuestion, TReply>(TQuestion question)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var open = gateways.Open;
            try
            {
                var link = open.FirstOrDefault(candidate => candidate.IsOpen);
                if (link is not null
                    && questions.TryAsk<TQuestion, TReply>(link, question, Limit, CancellationToken.None) is { } asked)
                    return await asked;
                if (clock.GetElapsedTime(began) > Limit)
                    throw new SiloUnavailableException($"No gateway can be reached: {gateways.LastFailure}");
            }
            catch (SiloUnavailableException) when (clock.GetElapsedTime(began) <= Limit)
            {
                // That gateway has just gone; the next one is asked.
            }

            await Task.WhenAny(gateways.WhenChanged(open), Task.Delay(Pause, clock));
        }
    }
}
