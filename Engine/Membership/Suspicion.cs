using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>A silo's vote that another one is dead.</summary>
/// <param name="Voter">Who voted.</param>
/// <param name="At">When, by the database's clock.</param>
internal readonly record struct Suspicion(SiloAddress Voter, DateTimeOffset At);
