namespace Aedile.Client;

/// <summary>What went wrong, as every refusal says it (RFC 9457, <c>application/problem+json</c>).</summary>
/// <param name="Type">Stable URN, <c>urn:aedile:…</c>; programs decide by it.</param>
/// <param name="Title">The same for every problem of the type.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">This case, for people.</param>
/// <param name="Field">The field, parameter or header at fault; null when there is none.</param>
/// <param name="Retryable">Whether the same request may succeed later.</param>
/// <param name="TraceId">Finds the request in the silo's log.</param>
public sealed record Problem(
    string Type, string Title, int Status, string Detail, string? Field, bool Retryable, string TraceId);
