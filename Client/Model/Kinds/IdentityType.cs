namespace Aedile.Client.Model.Kinds;

/// <summary>What somebody is.</summary>
public enum IdentityType
{
    /// <summary>No type that this program knows.</summary>
    Unknown,

    /// <summary>Somebody with a password or an account elsewhere.</summary>
    Person,

    /// <summary>A script or service with a token of its own.</summary>
    Program,

    /// <summary>A silo of this fleet.</summary>
    Silo,

    /// <summary>The agent of one node; it may only make that node's calls.</summary>
    Agent,
}
