using System.ComponentModel.DataAnnotations;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.Keys;
using Aedile.Silo.Identity.Passwords;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Identity;

/// <summary>Bound from <c>Identity</c>; checked at start.</summary>
public sealed class IdentityOptions : IValidatableObject
{
    /// <summary>
    /// Iterations of new passwords' hashes. Default 210,000, as OWASP asks for of PBKDF2-HMAC-SHA-512: 0.14 s of a
    /// processor for each login, and for each guess.
    /// </summary>
    [Range(IdentityRules.IterationsMin, IdentityRules.IterationsMax)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>
    /// How many passwords are hashed at once. Default 2; more logins wait, up to 64, then are refused.
    /// </summary>
    [Range(1, 64)]
    public int HashesAtOnce { get; set; } = 2;

    /// <summary>How long a login's token lives. Default 8 h, a working day; it can be revoked.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan LoginLife { get; set; } = TimeSpan.FromHours(8);

    /// <summary>
    /// The longest life of any token. Default 90 days; keys are trusted for as long after their last one.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "366.00:00:00")]
    public TimeSpan TokenLifeMax { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a signing key signs. Default 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "366.00:00:00")]
    public TimeSpan KeySignsFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long a key is published before it signs. Default 1 h; agents that see no silo for so long miss it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:02", "7.00:00:00")]
    public TimeSpan KeyLead { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long a certificate is good, and an agent's token with it; both are renewed after two thirds. Default 30
    /// days: an agent that sees no silo for longer has to enrol anew.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:30", "90.00:00:00")]
    public TimeSpan CertificateLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long an authority issues. Default 90 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3660.00:00:00")]
    public TimeSpan AuthorityIssuesFor { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How far apart the clocks of two machines may be. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many wrong passwords within <see cref="WrongWindow"/> lock an identity. Default 5.</summary>
    [Range(1, 1000)]
    public int WrongAttempts { get; set; } = 5;

    /// <summary>How long a wrong password counts. Default 15 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan WrongWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The first lock-out; each further one in a row is twice as long. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LockFirst { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest lock-out. Default 1 h: longer ones are a way to shut people out.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LockLongest { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How many logins of one name may come at once; one more each second. Default 5.</summary>
    [Range(1, 10_000)]
    public int LoginBurst { get; set; } = 5;

    /// <summary>How many logins from one address may come at once; ten more each second. Default 50: offices.</summary>
    [Range(1, 100_000)]
    public int AddressBurst { get; set; } = 50;

    internal LockoutPolicy Lockout => new(WrongAttempts, WrongWindow, LockFirst, LockLongest);

    internal RotationPolicy Rotation => new(KeySignsFor, KeyLead, TimeSpan.FromSeconds(2), TokenLifeMax);

    internal RotationPolicy AuthorityRotation =>
        new(AuthorityIssuesFor, KeyLead, TimeSpan.FromSeconds(2), CertificateLife);

    internal Rate LoginRate => new(LoginBurst, TimeSpan.FromSeconds(1));

    internal Rate AddressRate => new(AddressBurst, TimeSpan.FromMilliseconds(100));

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (LoginLife > TokenLifeMax)
            yield return new($"LoginLife {LoginLife} is above TokenLifeMax {TokenLifeMax}.", [nameof(LoginLife)]);
        if (KeySignsFor < 4 * KeyLead)
            yield return new($"KeySignsFor {KeySignsFor} must be at least 4 x KeyLead {KeyLead}.", [nameof(KeyLead)]);
        if (AuthorityIssuesFor < 4 * KeyLead)
            yield return new(
                $"AuthorityIssuesFor {AuthorityIssuesFor} must be at least 4 x KeyLead {KeyLead}.",
                [nameof(AuthorityIssuesFor)]);
        if (CertificateLife > TokenLifeMax)
            yield return new(
                $"CertificateLife {CertificateLife} is above TokenLifeMax {TokenLifeMax}.",
                [nameof(CertificateLife)]);
        if (LockLongest < LockFirst)
            yield return new($"LockLongest {LockLongest} is below LockFirst {LockFirst}.", [nameof(LockLongest)]);
    }
}

/// <summary>Generated check of <see cref="IdentityOptions"/>.</summary>
[OptionsValidator]
public sealed partial class IdentityOptionsValidator : IValidateOptions<IdentityOptions>;
