using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Silo.Gateway.Model.Lists;

namespace Aedile.Silo.Gateway.Model;

/// <summary>The problems of the model. A type is never renamed: programs decide by it.</summary>
internal static class ModelProblems
{
    public static Refusal UnknownKind(string plural) => new(
        "unknown-kind", "There is no such kind", 404,
        $"There are no '{plural}'; GET /v1/model lists all kinds.", "kind");

    public static Refusal NotFound(string plural, string id) => new(
        "entity-not-found", "There is no such entity", 404, $"There is no '{id}' among the {plural}.", "id");

    public static Refusal VersionRequired() => new(
        "version-required", "Say which version you mean", 428,
        "Send the entity's ETag as If-Match, or 'If-Match: *' for whichever version.", "If-Match");

    public static Refusal InvalidFilter(QueryFault fault) => new(
        "invalid-filter", "The filter can't be understood", 400, fault.ToString(), "filter");

    public static Refusal TooManyToSort(EntityKind kind) => new(
        "too-many-to-sort", "There are too many to sort", 400,
        $"There are more than {EntityList.SortedMax} {kind.Plural}: they are listed by name only.", "sort");

    public static Refusal TooStale(string detail) => new(
        "too-stale", "This silo's replica is too old", 503, detail, Retryable: true);

    public static Refusal Compacted() => new(
        "index-compacted", "These changes are no longer kept", 410,
        "Changes that old are no longer kept. Read all entities, and go on from the index of that answer.", "after");

    public static Refusal WritesUnavailable() => new(
        "writes-unavailable", "Nothing can be written now", 503,
        "The database is away; nothing was changed. Reads go on.", Retryable: true);

    public static Refusal NotLines() => new(
        "not-lines", "The body must be JSON lines", 415, "Send an export as application/x-ndjson.", "Content-Type");

    public static Refusal NotEmpty(int entities) => new(
        "model-not-empty", "There are definitions already", 409,
        $"The model has {entities} definitions, which an import would replace; say replace=true if they shall go.",
        "replace");

    public static Refusal Overtaken(string detail) => new(
        "import-overtaken", "Somebody was faster", 409, detail, Retryable: true);

    public static Refusal Unsound(string detail, string? field) => new(
        "unsound-import", "This can't become a model", 422, detail + " Nothing was changed.", field);

    public static Refusal ImportUnknown() => new(
        "outcome-unknown", "It may be done or not", 503,
        "The database went away. The model is as it was, or wholly the imported one: "
        + "GET /v1/model tells by its timeline.");

    /// <summary>The problem of a command that was not written; null when it was.</summary>
    public static Refusal? Of(WriteReply reply) => reply.Outcome switch
    {
        WriteOutcome.Written => null,
        WriteOutcome.Refused => Of(reply.Refusal!),
        WriteOutcome.InDoubt => new Refusal(
            "outcome-unknown", "It may be written or not", 503,
            "The database went away in the middle. Send the request again with the same Idempotency-Key.",
            Retryable: true),
        _ => WritesUnavailable(),
    };

    private static Refusal Of(WriteRefusal refusal)
    {
        var (type, title, status) = Describe(refusal.Rule);
        return new Refusal(type, title, status, refusal.Detail, refusal.Field);
    }

    private static (string Type, string Title, int Status) Describe(WriteRule rule) => rule switch
    {
        WriteRule.Size => ("too-large", "The write is too large or empty", 400),
        WriteRule.Kind => ("unknown-kind", "There is no such kind", 400),
        WriteRule.Body => ("malformed-body", "The body can't be read", 400),
        WriteRule.UnknownField => ("unknown-field", "A field is unknown", 400),
        WriteRule.MissingField => ("missing-field", "A field is missing", 400),
        WriteRule.FieldType => ("wrong-type", "A field has the wrong type", 400),
        WriteRule.Value => ("invalid-value", "A value is not allowed", 400),
        WriteRule.IdTaken => ("id-taken", "The id is taken", 409),
        WriteRule.NameTaken => ("name-taken", "The name is taken", 409),
        WriteRule.NotFound => ("entity-not-found", "There is no such entity", 404),
        WriteRule.Version => ("version-mismatch", "It was changed meanwhile", 412),
        WriteRule.Reference => ("dangling-reference", "A reference leads nowhere", 400),
        WriteRule.Referenced => ("referenced", "Others refer to it", 409),
        WriteRule.Key => ("idempotency-key-reused", "The idempotency key stands for another request", 422),
        _ => ("forbidden", "You may not do that", 403),
    };
}
