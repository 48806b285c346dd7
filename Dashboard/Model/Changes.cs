using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Dashboard.Model;

/// <summary>Which changes to show.</summary>
/// <param name="Kind">Name of a kind; empty for all.</param>
/// <param name="Actor">Who made them; empty for all.</param>
/// <param name="After">Only newer ones than this index; null: no bound.</param>
/// <param name="Before">Only older ones than this index; null: from the newest on.</param>
/// <param name="Take">How many entries at most, 1 to 200.</param>
public sealed record ChangeQuery(string Kind, string Actor, long? After, long? Before, int Take);

/// <summary>A part of the journal.</summary>
/// <param name="Entries">Newest first; without secrets, and of each only the changes that were asked for.</param>
/// <param name="Newest">The newest index of the journal.</param>
/// <param name="LookedTo">The oldest index that was looked at: older ones are asked for with it.</param>
/// <param name="HasOlder">Whether there are older ones that are still kept, fitting or not.</param>
public sealed record ChangeWindow(
    ImmutableArray<JournalEntry> Entries, long Newest, long LookedTo, bool HasOlder);

/// <summary>What happened to one entity.</summary>
/// <param name="Steps">Newest first.</param>
/// <param name="Older">Index of the change before these; null when these go back to its creation.</param>
/// <param name="IsCut">Whether older changes are no longer kept.</param>
public sealed record EntityHistory(ImmutableArray<HistoryStep> Steps, long? Older, bool IsCut);

/// <summary>One change of an entity.</summary>
/// <param name="Index">Its place in the journal.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Actor">Who.</param>
/// <param name="Before">As it was; null when it was created.</param>
/// <param name="After">As it was then; null when it was deleted.</param>
public sealed record HistoryStep(long Index, DateTimeOffset At, string Actor, Entity? Before, Entity? After);
