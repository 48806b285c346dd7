namespace Aedile.Client.Model.Kinds;

/// <summary>What is wrong with a spec.</summary>
/// <param name="Field">The member at fault, as JSON names it.</param>
/// <param name="Detail">What it must be.</param>
public sealed record SpecFault(string Field, string Detail);
