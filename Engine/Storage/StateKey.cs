namespace Aedile.Engine.Storage;

/// <summary>A grain's key as the columns of <c>OrleansStorage</c> hold it.</summary>
/// <param name="Hash"><c>grainidhash</c>; narrows the search.</param>
/// <param name="N0"><c>grainidn0</c>: first half of a guid.</param>
/// <param name="N1"><c>grainidn1</c>: second half of a guid, or an integer.</param>
/// <param name="Text"><c>grainidextensionstring</c>: the rest; empty when there is none.</param>
internal readonly record struct StateKey(long Hash, long N0, long N1, string Text);
