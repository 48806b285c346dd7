using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>Keeps the membership table of one fleet. Several silos use it at once.</summary>
internal interface IMembershipStore
{
    /// <summary>Creates what is missing. Idempotent.</summary>
    /// <exception cref="OrleansException">The database can't be reached or used; the text says why.</exception>
    Task Prepare(CancellationToken cancellation);

    /// <summary>Reads the whole table as of one moment.</summary>
    Task<MembershipTableSnapshot> Read(CancellationToken cancellation);

    /// <summary>Makes one change if the table still has a version, and raises the version by one.</summary>
    /// <returns>False when the table has another version: nothing changed.</returns>
    /// <remarks>An exception leaves the outcome unknown: read and decide again.</remarks>
    Task<bool> TryChange(long version, TableChange change, CancellationToken cancellation);

    /// <summary>Notes that a silo is alive, unless it is dead. The version stays.</summary>
    /// <param name="silo">Who is alive.</param>
    /// <param name="at">The time of a read just before, by the database's clock.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False when there is no such silo, or it is dead.</returns>
    Task<bool> TryBeat(SiloAddress silo, DateTimeOffset at, CancellationToken cancellation);
}
