using Aedile.Engine.Membership;

namespace Aedile.Tests.Simulation.Fleet;

/// <summary>A process of a simulated fleet that takes part in its membership.</summary>
internal interface IFleetMember : IFleetProgram
{
    /// <summary>Its name in the table; null before it has one.</summary>
    SiloAddress? Self { get; }

    /// <summary>The fleet as it sees it.</summary>
    MembershipTableSnapshot View { get; }
}
