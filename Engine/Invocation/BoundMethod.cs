using Aedile.Engine.Filters;

namespace Aedile.Engine.Invocation;

/// <summary>A method with what one silo knows about calling it.</summary>
/// <param name="Definition">The method.</param>
/// <param name="Sender">Where calls of it leave.</param>
/// <param name="Limit">The index of its response timeout in the silo's <see cref="Deadlines"/>.</param>
/// <param name="Filters">What runs around its calls here; null: nothing.</param>
internal sealed record BoundMethod(GrainMethod Definition, CallSender Sender, int Limit, OutgoingFilters? Filters);
