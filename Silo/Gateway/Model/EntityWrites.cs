using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Hosting;
using Aedile.Silo.Identity;
using Aedile.Silo.Model;

namespace Aedile.Silo.Gateway.Model;

/// <summary>Writes of definitions: each is a command to the sequencer, answered once this silo shows it.</summary>
internal sealed class EntityWrites(
    ModelWriter writer, ModelReplica replica, IIdentityModel identities, IIdSource ids)
{
    /// <summary>Most bytes of an entity's body.</summary>
    public const int BytesMax = 64 * 1024;

    /// <summary>Most bytes of a transaction's body.</summary>
    public const int TransactionBytesMax = 2 * 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary><c>POST /v1/model/{kinds}</c>.</summary>
    public async Task<IResult> Create(string kinds, HttpContext http)
    {
        if (EntityKinds.FindPlural(kinds) is not { } kind) return ModelProblems.UnknownKind(kinds);
        var (body, refusal) = await ReadBody(http);
        if (body is null) return refusal!;
        var id = body["id"];
        if (id is not null && id.GetValueKind() is not JsonValueKind.String)
            return Problems.WrongType("id", "a string");
        body.Remove("id");
        return await Write(
            http, new WriteChange(ChangeVerb.Create, kind.Name, (string?)id, null, body.ToJsonString()), isNew: true);
    }

    /// <summary><c>PUT /v1/model/{kinds}/{id}</c>.</summary>
    public Task<IResult> Update(string kinds, string id, HttpContext http) =>
        Change(ChangeVerb.Update, kinds, id, http);

    /// <summary><c>PATCH /v1/model/{kinds}/{id}</c>.</summary>
    public Task<IResult> Patch(string kinds, string id, HttpContext http) => Change(ChangeVerb.Patch, kinds, id, http);

    /// <summary><c>DELETE /v1/model/{kinds}/{id}</c>.</summary>
    public Task<IResult> Delete(string kinds, string id, HttpContext http) =>
        Change(ChangeVerb.Delete, kinds, id, http);

    /// <summary><c>POST /v1/model/transactions</c>.</summary>
    public async Task<IResult> Transact(HttpContext http)
    {
        if (!http.Request.HasJsonContentType()) return Problems.NotJson();
        var (bytes, refusal) = await RequestBody.ReadBytes(http.Request, TransactionBytesMax, http.RequestAborted);
        if (bytes is null) return refusal!;
        var (request, mistake) = RequestBody.Parse<TransactionRequest>(bytes);
        if (request is null) return mistake!;
        // The endpoint knows no kinds: each change needs what it would need alone.
        var kinds = request.Changes.Select(change => EntityKinds.Find(change.Kind)?.Plural).OfType<string>().Distinct();
        var caller = Caller.Of(http.User)!;
        if (kinds.FirstOrDefault(kind => !NeedRequirement.MayWrite(caller, kind, identities.Trust)) is { } forbidden)
            return AccessProblems.Forbidden(Need.Write(forbidden));
        return await Send(http, [.. request.Changes.Select(change => new WriteChange(
            change.Verb, change.Kind, change.Id, change.ExpectedVersion, change.Body?.GetRawText()))],
            (receipt, changed) => TypedResults.Json(
                new ReceiptResource(receipt.Reply.Index, receipt.IsApplied, changed),
                statusCode: receipt.IsApplied ? StatusCodes.Status200OK : StatusCodes.Status202Accepted));
    }

    private async Task<IResult> Change(ChangeVerb verb, string kinds, string id, HttpContext http)
    {
        if (EntityKinds.FindPlural(kinds) is not { } kind) return ModelProblems.UnknownKind(kinds);
        if (http.Request.Headers.IfMatch.Count == 0 && verb is not ChangeVerb.Patch)
            return ModelProblems.VersionRequired();
        if (!TryReadVersion(http.Request, out var version))
            return Problems.InvalidParameter("If-Match", "It is '*' or one ETag of the entity, as in '\"17\"'.");
        if (verb is ChangeVerb.Delete)
            return await Write(http, new WriteChange(verb, kind.Name, id, version, null), false);
        var (body, refusal) = await ReadBody(http);
        return body is null
            ? refusal!
            : await Write(http, new WriteChange(verb, kind.Name, id, version, body.ToJsonString()), false);
    }

    private Task<IResult> Write(HttpContext http, WriteChange change, bool isNew) => Send(
        http, [change], (receipt, changed) => Answer(http, receipt, changed[0], isNew));

    private async Task<IResult> Send(
        HttpContext http, ImmutableArray<WriteChange> changes,
        Func<WriteReceipt, ImmutableArray<EntityKey>, IResult> answer)
    {
        if (!IdempotencyKey.TryRead(http.Request, out var key)) return Problems.InvalidIdempotencyKey();
        var caller = Caller.Of(http.User)!;
        var command = new WriteCommand(ids.Next(), caller.Name, key, changes, caller.Rights);
        // The command goes on when the client leaves: it may be written already.
        var receipt = await writer.Write(command, CancellationToken.None);
        if (ModelProblems.Of(receipt.Reply) is { } refusal) return refusal;
        http.Response.Headers["Aedile-Index"] = receipt.Reply.Index.ToString(CultureInfo.InvariantCulture);
        return answer(receipt, [.. receipt.Reply.Changed.Select(changed => new EntityKey(
            EntityKinds.Find(changed.Kind)!, EntityId.Parse(changed.Id)))]);
    }

    // Not shown here yet: the receipt says what to wait for.
    private IResult Answer(HttpContext http, WriteReceipt receipt, EntityKey key, bool isNew)
    {
        var address = $"/v1/model/{key.Kind.Plural}/{key.Id}";
        if (!receipt.IsApplied)
            return TypedResults.Accepted(address, new ReceiptResource(receipt.Reply.Index, false, [key]));
        if (replica.Current.Find(key) is not { } entity) return TypedResults.NoContent();
        http.Response.Headers.ETag = EntityReads.TagOf(entity);
        var shown = ReaderView.Of(entity);
        return isNew ? TypedResults.Created(address, shown) : TypedResults.Ok(shown);
    }

    private static async Task<(JsonObject? Body, Refusal? Refusal)> ReadBody(HttpContext http)
    {
        var type = http.Request.ContentType ?? "";
        if (!http.Request.HasJsonContentType()
            && !type.StartsWith("application/merge-patch+json", StringComparison.OrdinalIgnoreCase))
            return (null, Problems.NotJson());
        var (bytes, refusal) = await RequestBody.ReadBytes(http.Request, BytesMax, http.RequestAborted);
        if (bytes is null) return (null, refusal);
        try
        {
            return JsonNode.Parse(bytes, documentOptions: Strict) is JsonObject body
                ? (body, null)
                : (null, Problems.MalformedBody("The body must be a JSON object."));
        }
        catch (JsonException error)
        {
            return (null, Problems.MalformedBody($"The body is not valid JSON: {error.Message}"));
        }
    }

    private static bool TryReadVersion(HttpRequest request, out long? version)
    {
        var given = request.Headers.IfMatch;
        version = null;
        if (given.Count == 0 || given.ToString() == "*") return true;
        if (given is not [['"', .. var digits, '"']]) return false;
        var isNumber = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        version = number;
        return isNumber;
    }
}
