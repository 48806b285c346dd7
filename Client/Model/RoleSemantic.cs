namespace Aedile.Client.Model;

/// <summary>How several attributes select.</summary>
public enum RoleSemantic
{
    /// <summary>Never stored.</summary>
    Unknown,

    /// <summary>One of them is enough.</summary>
    AnyOf,

    /// <summary>All of them are needed.</summary>
    AllOf,
}
