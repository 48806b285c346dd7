using Orleans;

namespace Aedile.Engine.Reminders;

/// <summary>
/// Tells the silo that serves a grain's reminders that one was changed by another silo: the grain is moving between
/// them. It only says that the table is worth a look, so that it may come late, twice or in any order.
/// </summary>
/// <param name="Grain">Whose reminder it is, as text.</param>
[GenerateSerializer, Immutable, Alias("aedile.engine.reminders-changed")]
internal sealed record RemindersChanged([property: Id(0)] string Grain);

/// <summary>The silo looks at the table soon.</summary>
/// <param name="Serves">How many reminders it serves now.</param>
[GenerateSerializer, Immutable, Alias("aedile.engine.reminders-noted")]
internal sealed record RemindersNoted([property: Id(0)] int Serves);
