using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Identity.External;

/// <summary>Bound from <c>Identity:ExternalSigners</c>; checked at start.</summary>
public sealed class ExternalSignerOptions : IValidatableObject
{
    /// <summary>
    /// How long fetching a signer's keys may take, all in all. Default 5 s: somebody waits for a login.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan FetchLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Most bytes of a signer's keys. Default 256 KiB; large providers have 10.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int BytesMax { get; set; } = 256 * 1024;

    /// <summary>
    /// After how long keys are fetched again. Default 1 h: one that the provider withdrew counts no longer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan FreshFor { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long keys count while they can't be fetched anew. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan StaleFor { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Least time between two fetches, whatever key a token names. Default 1 min: nobody makes us call a provider
    /// often.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FetchesApart { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Networks inside of which a signer may be, as in <c>10.1.2.0/24</c>. Default none: whoever may write signers
    /// could otherwise make silos call machines that only silos reach.
    /// </summary>
    public IList<string> DangerouslyAllowedNetworks { get; } = [];

    /// <summary>
    /// File with further certificate authorities (PEM) of signers. Default none: those of the machine.
    /// </summary>
    public string? RootsFile { get; set; }

    /// <summary>The allowed networks, parsed.</summary>
    internal ImmutableArray<IPNetwork> AllowedNetworks =>
        [.. DangerouslyAllowedNetworks.Select(text => IPNetwork.Parse(text))];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (StaleFor < FreshFor)
            yield return new($"StaleFor {StaleFor} must be at least FreshFor {FreshFor}.", [nameof(StaleFor)]);
        foreach (var text in DangerouslyAllowedNetworks.Where(text => !IPNetwork.TryParse(text, out _)))
            yield return new($"'{text}' is not a network.", [nameof(DangerouslyAllowedNetworks)]);
    }
}

/// <summary>Generated check of <see cref="ExternalSignerOptions"/>.</summary>
[OptionsValidator]
public sealed partial class ExternalSignerOptionsValidator : IValidateOptions<ExternalSignerOptions>;
