using System.Collections.Immutable;

namespace Aedile.Silo.Gateway.OpenApi;

/// <summary>Statuses of problems that an endpoint answers with.</summary>
internal sealed record ProblemStatuses(ImmutableArray<int> Statuses);

/// <summary>
/// What a request's body is. Not the framework's own metadata: by that it refuses other media types before it asks who
/// calls, and without a problem document.
/// </summary>
internal sealed record RequestContent(Type Type, ImmutableArray<string> Types);

/// <summary>
/// Most bytes of a request's body. <see cref="RequestLimits"/> refuses what says that it is longer, whoever reads the
/// body what turns out to be. Not the framework's own limit: beyond that it ends the connection, and a client that is
/// still sending never sees why.
/// </summary>
internal sealed record BodyLimit(long Bytes);
