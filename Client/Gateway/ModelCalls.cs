using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Aedile.Client.Model;

namespace Aedile.Client.Gateway;

/// <summary>
/// Definitions: <c>/v1/model</c>. An entity's <see cref="Entity.Version"/> is what REST calls its ETag. Writes are done
/// once however often they are sent, unless the silos have forgotten the key, after a day.
/// </summary>
public sealed class ModelCalls
{
    // A million entities are read and written in well under a minute, on a machine that has nothing else to do.
    private static readonly TimeSpan ImportTimeout = TimeSpan.FromMinutes(10);

    private readonly GatewayConnection _gateway;

    internal ModelCalls(GatewayConnection gateway) => _gateway = gateway;

    /// <summary>What the answering silo's replica holds: index, digests, age, counts.</summary>
    public Task<ModelResource> Describe(CancellationToken cancellation = default) =>
        _gateway.Call<ModelResource>(GatewayRequest.Read("/v1/model"), cancellation);

    /// <summary>The entities of a kind, page by page; each page is read at an index of its own.</summary>
    public async IAsyncEnumerable<Entity> List(
        EntityKind kind, EntityQuery? query = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        query ??= new EntityQuery();
        string? cursor = null;
        do
        {
            var page = await _gateway.Call<EntityPage>(
                GatewayRequest.Read($"/v1/model/{kind.Plural}", query.ToQuery(cursor, _gateway.Seen)), cancellation);
            foreach (var entity in page.Items) yield return entity;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>An entity.</summary>
    /// <exception cref="ProblemException"><c>entity-not-found</c>, among others.</exception>
    public Task<Entity> Get(EntityKey key, ReadMode? mode = null, CancellationToken cancellation = default) =>
        _gateway.Call<Entity>(
            GatewayRequest.Read(At(key), (mode ?? ReadMode.Seen).ToQuery(_gateway.Seen)), cancellation);

    /// <summary>An entity; null when there is none.</summary>
    public async Task<Entity?> Find(EntityKey key, ReadMode? mode = null, CancellationToken cancellation = default)
    {
        try
        {
            return await Get(key, mode, cancellation);
        }
        catch (ProblemException refusal) when (refusal.Type is "entity-not-found")
        {
            return null;
        }
    }

    /// <summary>Makes an entity.</summary>
    /// <param name="draft">What it shall be.</param>
    /// <param name="id">Its id; null: the model gives one.</param>
    /// <param name="key">The caller's idempotency key, if the whole call may be repeated; null: a new one.</param>
    /// <param name="cancellation">Ends the wait; it may have been made.</param>
    public Task<WriteResult> Create(
        EntityDraft draft, EntityId? id = null, string? key = null, CancellationToken cancellation = default)
    {
        var body = draft.Body.DeepClone().AsObject();
        if (id is { } given) body["id"] = given.Value;
        return Send(GatewayRequest.Once(HttpMethod.Post, $"/v1/model/{draft.Kind.Plural}", body, key), cancellation);
    }

    /// <summary>Replaces name, tags and spec.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="draft">What it shall be.</param>
    /// <param name="version">Refused as <c>version-mismatch</c> if it has another; null: whichever it has.</param>
    /// <param name="cancellation">Ends the wait; it may have been changed.</param>
    public Task<WriteResult> Update(
        EntityId id, EntityDraft draft, long? version, CancellationToken cancellation = default) =>
        Send(GatewayRequest.Once(HttpMethod.Put, At(new EntityKey(draft.Kind, id)), draft.Body)
            with { IfMatch = TagOf(version) }, cancellation);

    /// <summary>Merges name, tags and spec (RFC 7396).</summary>
    /// <param name="id">Whose.</param>
    /// <param name="draft">What changes; null takes a member away.</param>
    /// <param name="version">Refused as <c>version-mismatch</c> if it has another; null: whichever it has.</param>
    /// <param name="cancellation">Ends the wait; it may have been changed.</param>
    public Task<WriteResult> Patch(
        EntityId id, EntityDraft draft, long? version = null, CancellationToken cancellation = default) =>
        Send(GatewayRequest.Once(HttpMethod.Patch, At(new EntityKey(draft.Kind, id)), draft.Body)
            with { IfMatch = TagOf(version) }, cancellation);

    /// <summary>Removes an entity.</summary>
    /// <param name="key">Which.</param>
    /// <param name="version">Refused as <c>version-mismatch</c> if it has another; null: whichever it has.</param>
    /// <param name="cancellation">Ends the wait; it may have been removed.</param>
    public Task<WriteResult> Delete(EntityKey key, long? version, CancellationToken cancellation = default) =>
        Send(GatewayRequest.Once(HttpMethod.Delete, At(key), null) with { IfMatch = TagOf(version) }, cancellation);

    /// <summary>Makes several changes, all or none.</summary>
    /// <param name="request">The changes, 1,000 at most.</param>
    /// <param name="key">The caller's idempotency key, if the whole call may be repeated; null: a new one.</param>
    /// <param name="cancellation">Ends the wait; they may have been made.</param>
    public async Task<ReceiptResource> Transact(
        TransactionRequest request, string? key = null, CancellationToken cancellation = default)
    {
        var receipt = await _gateway.Call<ReceiptResource>(
            GatewayRequest.Once(HttpMethod.Post, "/v1/model/transactions", request, key), cancellation);
        _gateway.See(receipt.Index);
        return receipt;
    }

    /// <summary>
    /// Copies the whole model, as JSON lines: the newest state, of one index. What breaks off is no export: the copy
    /// ends with an exception.
    /// </summary>
    /// <param name="target">Where to.</param>
    /// <param name="withSecrets">Whether an installation can begin with it; for administrators only.</param>
    /// <param name="asGzip">Whether it is written as gzip.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task Export(
        Stream target, bool withSecrets, bool asGzip, CancellationToken cancellation = default)
    {
        string[] query = withSecrets ? ["consistency=latest", "secrets=include"] : ["consistency=latest"];
        using var answer = await _gateway.Open(
            GatewayRequest.Read("/v1/model/export", query) with { TakesGzip = asGzip }, cancellation);
        try
        {
            await answer.Content.CopyToAsync(target, cancellation);
        }
        catch (HttpRequestException error)
        {
            throw new GatewayAwayException("The export broke off; ask for it again.", false, error);
        }
    }

    /// <summary>
    /// Replaces the model by an export with secrets. It is looked at wholly first; then it is done or not, nothing in
    /// between. Another history begins, and this client goes on in it.
    /// </summary>
    /// <param name="open">Opens the export; more than once if one gateway can't be reached.</param>
    /// <param name="isGzip">Whether it is gzip.</param>
    /// <param name="mayReplace">Whether what is defined now may go.</param>
    /// <param name="cancellation">Ends the wait; it may be done.</param>
    /// <exception cref="ProblemException">
    /// <c>model-not-empty</c>, <c>unsound-import</c>, among others: nothing was changed.
    /// </exception>
    public async Task<ImportResource> Import(
        Func<Stream> open, bool isGzip, bool mayReplace, CancellationToken cancellation = default)
    {
        var request = GatewayRequest.Act(
            HttpMethod.Post, "/v1/model/import?replace=" + (mayReplace ? "true" : "false"));
        var done = await _gateway.Call<ImportResource>(
            request with { AnswerTimeout = ImportTimeout, Body = MakeBody }, cancellation);
        _gateway.Forget();
        _gateway.See(done.Index);
        return done;

        HttpContent MakeBody()
        {
            var content = new StreamContent(open());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            if (isGzip) content.Headers.ContentEncoding.Add("gzip");
            return content;
        }
    }

    private static string At(EntityKey key) => $"/v1/model/{key.Kind.Plural}/{key.Id}";

    private static string TagOf(long? version) =>
        version is { } number ? string.Create(CultureInfo.InvariantCulture, $"\"{number}\"") : "*";

    private Task<WriteResult> Send(GatewayRequest request, CancellationToken cancellation) =>
        _gateway.Exchange(request, static async (answer, ended) =>
        {
            if (answer.StatusCode is HttpStatusCode.Accepted)
                return new WriteResult((await GatewayConnection.ReadJson<ReceiptResource>(answer, ended))!.Index, null);
            var entity = answer.StatusCode is HttpStatusCode.NoContent
                ? null
                : await GatewayConnection.ReadJson<Entity>(answer, ended);
            var index = long.Parse(answer.Headers.GetValues("Aedile-Index").First(), CultureInfo.InvariantCulture);
            return new WriteResult(index, entity);
        }, cancellation);
}
