namespace Aedile.Tests.Support;

/// <summary>What a <see cref="TcpProxy"/> does with bytes in one direction.</summary>
public enum Loss
{
    /// <summary>Passes them on.</summary>
    None,

    /// <summary>Keeps them until this changes: packets were lost, and TCP sends them again.</summary>
    Hold,

    /// <summary>
    /// Drops them, and whatever follows on that connection for ever, which stays open: a firewall that has forgotten
    /// it.
    /// </summary>
    Swallow,

    /// <summary>Resets the connection, old ones and new ones.</summary>
    Reset,
}
