namespace Orleans.Runtime;

/// <summary>The fleet as this silo sees it now. Costs no question to anybody; it may be a moment old.</summary>
public interface ISiloStatusOracle
{
    SiloStatus CurrentStatus { get; }

    string SiloName { get; }

    SiloAddress SiloAddress { get; }

    /// <returns>Dead when nothing is known of the silo any more.</returns>
    SiloStatus GetApproximateSiloStatus(SiloAddress siloAddress);

    Dictionary<SiloAddress, SiloStatus> GetApproximateSiloStatuses(bool onlyActive = false);

    bool TryGetSiloName(SiloAddress siloAddress, out string siloName);

    bool IsDeadSilo(SiloAddress silo);

    /// <returns>Whether grains may run there.</returns>
    bool IsFunctionalDirectory(SiloAddress siloAddress);

    /// <returns>False when it had subscribed before.</returns>
    bool SubscribeToSiloStatusEvents(ISiloStatusListener observer);

    /// <returns>False when it had not subscribed.</returns>
    bool UnSubscribeFromSiloStatusEvents(ISiloStatusListener observer);
}
