using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Access;

/// <summary>Bound from <c>Gateway:Rates</c>; checked at start.</summary>
public sealed class RateOptions
{
    /// <summary>
    /// How many requests a second one identity may make of one silo in the long run. Default 1,000: far more than a
    /// person or a build farm's token needs, and a fraction of what a silo answers.
    /// </summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 1_000;

    /// <summary>How many requests it may make at once, after some quiet. Default 2,000.</summary>
    [Range(1, 10_000_000)]
    public int Burst { get; set; } = 2_000;
}

/// <summary>Generated check of <see cref="RateOptions"/>.</summary>
[OptionsValidator]
public sealed partial class RateOptionsValidator : IValidateOptions<RateOptions>;
