namespace Aedile.Client.Identity;

/// <summary>What a token is for.</summary>
public enum TokenKind
{
    /// <summary>No kind that this program knows; no token is taken with it.</summary>
    Unknown,

    /// <summary>Of a person or program, for REST and Git.</summary>
    Access,

    /// <summary>Of an agent, for its own node's calls alone.</summary>
    Agent,

    /// <summary>Of a silo, for one agent's endpoint.</summary>
    Silo,
}
