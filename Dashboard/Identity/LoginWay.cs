namespace Aedile.Dashboard.Identity;

/// <summary>One way in which an identity proves who it is.</summary>
/// <param name="Kind">By what.</param>
/// <param name="State">How it is.</param>
/// <param name="Moment">When (UTC) that ends, or was; null for no end.</param>
/// <param name="Since">Since when (UTC) it is there.</param>
public sealed record LoginWay(LoginWayKind Kind, WayState State, DateTimeOffset? Moment, DateTimeOffset Since);

/// <summary>By what somebody proves who he is.</summary>
public enum LoginWayKind
{
    /// <summary>Nothing that is known here.</summary>
    Unknown,

    /// <summary>A password.</summary>
    Password,

    /// <summary>A client certificate.</summary>
    Certificate,

    /// <summary>A token that works once.</summary>
    Code,
}

/// <summary>How a way is.</summary>
public enum WayState
{
    /// <summary>Nothing that is known here.</summary>
    Unknown,

    /// <summary>It can be used.</summary>
    Good,

    /// <summary>No password is tried for a while.</summary>
    Locked,

    /// <summary>It was used, once.</summary>
    Used,

    /// <summary>Its time is over.</summary>
    Over,
}
