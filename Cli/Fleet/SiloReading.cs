using Aedile.Client.Model;

namespace Aedile.Cli.Fleet;

/// <summary>What one silo said of itself.</summary>
/// <param name="Silo">Its name.</param>
/// <param name="Model">What its replica holds; null when it did not say.</param>
/// <param name="ClockOffset">How far its clock is from ours, as far as can be told; null when it did not say.</param>
/// <param name="Trouble">Why it can't be reached or doesn't serve; null when it does.</param>
internal sealed record SiloReading(string Silo, ModelResource? Model, TimeSpan? ClockOffset, string? Trouble);

/// <summary>Something that is wrong.</summary>
/// <param name="Subject">With what, as in <c>silo-2</c>.</param>
/// <param name="Detail">What.</param>
internal sealed record Finding(string Subject, string Detail);
