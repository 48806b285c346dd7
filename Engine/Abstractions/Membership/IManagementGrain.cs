namespace Orleans.Runtime;

/// <summary>
/// Numbers of the whole fleet, for people and dashboards. Get it with key 0, on a silo or a client. It answers where it
/// is asked, a client's at a gateway: it collects from all active silos, one question each, and fails when one of them
/// does.
/// </summary>
public interface IManagementGrain : IGrainWithIntegerKey
{
    /// <summary>The silos of the newest view that this silo has. Asks nobody.</summary>
    Task<Dictionary<SiloAddress, SiloStatus>> GetHosts(bool onlyActive = false);

    /// <inheritdoc cref="GetHosts"/>
    Task<MembershipEntry[]> GetDetailedHosts(bool onlyActive = false);

    /// <summary>Activations by class, of some silos.</summary>
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics(SiloAddress[] hostsIds);

    /// <summary>Activations by class, of all silos.</summary>
    Task<SimpleGrainStatistic[]> GetSimpleGrainStatistics();

    /// <summary>Every activation. Cost: one row for each; ask for few types.</summary>
    /// <param name="types">Full names of classes; null: all.</param>
    /// <param name="hostsIds">Null: all silos.</param>
    Task<DetailedGrainStatistic[]> GetDetailedGrainStatistics(
        string[]? types = null, SiloAddress[]? hostsIds = null);

    Task<int> GetTotalActivationCount();

    /// <summary>Ends the activations of some silos that nobody used for a while.</summary>
    Task ForceActivationCollection(SiloAddress[] hostsIds, TimeSpan ageLimit);

    /// <summary>Ends the activations of all silos that nobody used for a while.</summary>
    Task ForceActivationCollection(TimeSpan ageLimit);

    /// <summary>Returns the silo where a grain lives; it may have no activation there yet.</summary>
    ValueTask<SiloAddress?> GetActivationAddress(IAddressable reference);
}
