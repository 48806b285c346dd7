using Aedile.Engine.Membership;
using Aedile.Engine.Messaging;
using Aedile.Engine.Placement;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Management;

/// <summary>Collects the numbers of the fleet over <see cref="ISiloMessenger"/>.</summary>
/// <remarks>
/// No grain: its contract has arrays and dictionaries, which grains of this engine may not exchange, and it needs no
/// place of its own.
/// </remarks>
internal sealed class ManagementGrain(
    SiloFigures own, Func<MembershipTableSnapshot> view, SiloAddress self, ISiloMessenger? messenger, IRouter? router)
    : IManagementGrain
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    public Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false) =>
        Task.FromResult(Hosts(onlyActive).ToDictionary(entry => entry.Address, entry => entry.Status));

    public Task<MembershipEntry[]> GetDetailedHosts(bool onlyActive = false) =>
        Task.FromResult(Hosts(onlyActive).Select(Detailed).ToArray());

    public Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics() => GetSimpleGrainStatistics(ActiveSilos());

    public async Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds)
    {
        var answers = await AskAll(hostsIds, new CountActivations(), own.Count);
        return
        [
            .. answers.SelectMany(answer => answer.Reply.Classes.Select(found => new SimpleGrainStatistic
            {
                GrainType = found.Class,
                SiloAddress = answer.Silo,
                ActivationCount = found.Count,
            })),
        ];
    }

    public async Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(
        string[]? types = null, SiloAddress[]? hostsIds = null)
    {
        var question = new ListActivations([.. types ?? []]);
        var answers = await AskAll(hostsIds ?? ActiveSilos(), question, () => own.List(question));
        return
        [
            .. answers.SelectMany(answer => answer.Reply.Activations.Select(found => new DetailedGrainStatistic
            {
                GrainType = found.Class,
                SiloAddress = answer.Silo,
                GrainId = GrainId.Parse(found.Grain),
            })),
        ];
    }

    public async Task<int> GetTotalActivationCount()
    {
        var answers = await AskAll(ActiveSilos(), new CountActivations(), own.Count);
        return answers.Sum(answer => answer.Reply.Classes.Sum(found => found.Count));
    }

    public Task ForceActivationCollection(TimeSpan ageLimit) => ForceActivationCollection(ActiveSilos(), ageLimit);

    public Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit)
    {
        var question = new CollectActivations(ageLimit);
        return AskAll(hostsIds, question, () => own.Collect(question));
    }

    public ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference) =>
        new(router is null ? self : router.OwnerOf(reference.GetGrainId()));

    private static MembershipEntry Detailed(SiloEntry entry) => new()
    {
        SiloAddress = entry.Address,
        Status = entry.Status,
        SuspectTimes = [.. entry.Suspicions.Select(vote => Tuple.Create(vote.Voter, vote.At.UtcDateTime))],
        ProxyPort = entry.GatewayPort,
        HostName = entry.HostName,
        SiloName = entry.Name,
        StartTime = entry.StartedAt.UtcDateTime,
        IAmAliveTime = entry.AliveAt.UtcDateTime,
    };

    private IEnumerable<SiloEntry> Hosts(bool onlyActive) => onlyActive ? view().Active : view().Entries;

    private SiloAddress[] ActiveSilos() => [.. view().Active.Select(entry => entry.Address)];

    private async Task<(SiloAddress Silo, TReply Reply)[]> AskAll<TQuestion, TReply>(
        IEnumerable<SiloAddress> silos, TQuestion question, Func<TReply> askSelf)
        where TQuestion : notnull
        where TReply : notnull
    {
        return await Task.WhenAll(silos.Select(Ask));

        async Task<(SiloAddress, TReply)> Ask(SiloAddress silo)
        {
            if (silo.Equals(self)) return (silo, askSelf());
            if (messenger is null) throw new SiloUnavailableException($"There is no silo {silo}: this one is alone.");
            return (silo, await messenger.Ask<TQuestion, TReply>(
                silo, question, AnswerLimit, CancellationToken.None));
        }
    }
}
