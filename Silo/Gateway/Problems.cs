namespace Aedile.Silo.Gateway;

/// <summary>Every problem that the gateway reports. A type is never renamed: programs decide by it.</summary>
internal static class Problems
{
    public static Refusal Unauthorized() => new(
        "unauthorized", "A token is needed", 401,
        "Send the token as 'Authorization: Bearer …', or as the password of Basic authentication.", "Authorization");

    public static Refusal NotAWebSocket() => new(
        "not-a-websocket", "A WebSocket is needed", 426, "This address only speaks WebSocket.", "Upgrade");

    public static Refusal UnknownNode(string node) => new(
        "unknown-node", "The node is unknown", 404, $"There is no node '{node}'.", "node");

    public static Refusal NoSuchAddress(string path) => new(
        "no-such-address", "There is nothing at this address", 404, $"There is nothing at {path}.");

    public static Refusal MethodNotAllowed(string method) => new(
        "method-not-allowed", "The method is not allowed here", 405, $"{method} is not allowed here; see Allow.");

    public static Refusal NotJson() => new(
        "not-json", "The body must be JSON", 415, "Send the body as application/json.", "Content-Type");

    public static Refusal BodyTooLarge(long limit) => new(
        "body-too-large", "The body is too large", 413, $"The body may have {limit} bytes at most.");

    public static Refusal MalformedBody(string detail) => new(
        "malformed-body", "The body can't be read", 400, detail);

    public static Refusal UnknownField(string field) => new(
        "unknown-field", "A field is unknown", 400, $"There is no field '{field}'.", field);

    public static Refusal MissingField(string field) => new(
        "missing-field", "A field is missing", 400, $"The field '{field}' is needed.", field);

    public static Refusal WrongType(string field, string expected) => new(
        "wrong-type", "A field has the wrong type", 400, $"The field '{field}' must be {expected}.", field);

    public static Refusal InvalidParameter(string field, string detail) => new(
        "invalid-parameter", "A parameter is invalid", 400, detail, field);

    public static Refusal InvalidCursor() => InvalidParameter(
        "cursor", "The cursor must be one that an earlier page gave.");

    public static Refusal ChangedMeanwhile(string detail, string? field) => new(
        "changed-meanwhile", "It was changed meanwhile", 409, detail, field, Retryable: true);

    public static Refusal UnknownVirtualStorage(string name) => new(
        "unknown-virtual-storage", "The virtual storage is unknown", 400,
        $"There is no virtual storage '{name}'.", "virtualStorage");

    public static Refusal InvalidPath() => new(
        "invalid-path", "The path is invalid", 400,
        "A path has 1 to 8 segments joined by '/', 255 characters at most; "
        + "a segment has 1 to 100 of A-Z a-z 0-9 . _ -, "
        + "begins with no dot or dash, and ends with no dot, '.git' or '.lock'.", "path");

    public static Refusal InvalidBranch() => new(
        "invalid-branch", "The default branch is invalid", 400,
        "A branch's name follows git's rules (git check-ref-format --branch).", "defaultBranch");

    public static Refusal PathTaken(string storage, string path) => new(
        "path-taken", "The path is taken", 409, $"There is a repository '{path}' in '{storage}'.", "path");

    public static Refusal InvalidIdempotencyKey() => new(
        "invalid-idempotency-key", "The idempotency key is invalid", 400,
        "An Idempotency-Key has 1 to 255 visible ASCII characters and is given once.", "Idempotency-Key");

    public static Refusal IdempotencyKeyReused() => new(
        "idempotency-key-reused", "The idempotency key stands for another request", 422,
        "The same Idempotency-Key came with another body; choose a new key for a new request.", "Idempotency-Key");

    public static Refusal CreatedAndDeleted() => new(
        "created-and-deleted", "The repository was deleted since", 409,
        "The repository that this Idempotency-Key created was deleted; choose a new key to create it anew.",
        "Idempotency-Key");

    public static Refusal RepositoryNotFound(string id) => new(
        "repository-not-found", "The repository does not exist", 404, $"There is no repository '{id}'.", "id");

    public static Refusal InvalidTransaction(string text) => new(
        "invalid-transaction", "This is no transaction id", 400, $"'{text}' is no UUID.", "transaction");

    public static Refusal LossNotAccepted(string detail) => new(
        "loss-not-accepted", "There was nothing to accept", 409, detail);

    public static Refusal NoStorageNodes(string storage) => new(
        "no-storage-nodes", "No storage node is known", 503,
        $"No node of the virtual storage '{storage}' is known yet.", Retryable: true);

    public static Refusal Unavailable(string detail) => new(
        "unavailable", "Not now", 503, detail, Retryable: true);

    public static Refusal Failed() => new(
        "internal", "The silo failed", 500, "This is a bug of ours; its log has the trace id.");

    public static Refusal BadRequest(string detail, int status) => new(
        "bad-request", "The request can't be read", status, detail);

    /// <summary>Writes a problem where no endpoint is there to return it.</summary>
    public static Task Write(HttpContext http, Refusal refusal) => refusal.ExecuteAsync(http);
}
