namespace Aedile.Client.Identity;

/// <summary>Why a token is not taken.</summary>
public enum TokenRefusal
{
    /// <summary>No reason that this program knows.</summary>
    Unknown,

    /// <summary>It is no token of the form that we write, or too long.</summary>
    Malformed,

    /// <summary>Its <c>alg</c> is not ES256; <c>none</c> among them.</summary>
    WrongAlgorithm,

    /// <summary>No key of the fleet has its <c>kid</c>, or the key was not in use when it says it was issued.</summary>
    UnknownKey,

    /// <summary>The key that it names did not sign it.</summary>
    BadSignature,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its time has not come; or a clock is wrong.</summary>
    NotYetValid,

    /// <summary>Another fleet issued it; or, at a login, another signer than its key's.</summary>
    OtherFleet,

    /// <summary>It is for somebody else: another agent, or silos instead of agents.</summary>
    WrongAudience,

    /// <summary>It was taken back, alone or with all others of its holder.</summary>
    Revoked,

    /// <summary>Its holder doesn't exist any more, or is not the kind of holder that such a token has.</summary>
    UnknownIdentity,

    /// <summary>Its holder is disabled.</summary>
    IdentityDisabled,

    /// <summary>It is bound to a certificate, and another one or none was shown.</summary>
    WrongCertificate,
}
