namespace Aedile.Dashboard.Fleet;

/// <summary>A change of the fleet's membership, as the answering silo saw it.</summary>
/// <param name="At">When (UTC).</param>
/// <param name="Silo">The silo's name, or its address when the name is not known.</param>
/// <param name="Status">What it became, as in <c>Active</c> or <c>Dead</c>.</param>
public sealed record FleetChange(DateTimeOffset At, string Silo, string Status);

/// <summary>How many activations of one kind live.</summary>
/// <param name="Kind">The grain's class, without namespace.</param>
/// <param name="Silos">On how many silos.</param>
/// <param name="Count">In the whole fleet.</param>
public sealed record ActivationCount(string Kind, int Silos, int Count);
