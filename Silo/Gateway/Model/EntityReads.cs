using System.Globalization;
using Aedile.Client.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Gateway.Model.Lists;
using Aedile.Silo.Model;

namespace Aedile.Silo.Gateway.Model;

/// <summary>Reads of definitions, from this silo's replica alone.</summary>
internal static class EntityReads
{
    /// <summary><c>GET /v1/model</c>: what this silo's replica holds.</summary>
    public static IResult Describe(ModelReplica replica)
    {
        var state = replica.Current;
        return TypedResults.Ok(new ModelResource(
            state.Timeline, state.Index, state.Digest, state.ContentDigest.ToString("x32", null), state.At,
            (long)replica.Age.TotalMilliseconds, replica.IsJournalThere,
            [.. EntityKinds.All.Select(kind => new KindResource(kind.Name, kind.Plural, state.List(kind).Count))]));
    }

    /// <summary><c>GET /v1/model/{kinds}</c>.</summary>
    public static async Task<IResult> List(
        string kinds, HttpContext http, ModelReplica replica, LatestIndex latest, CancellationToken cancellation)
    {
        if (EntityKinds.FindPlural(kinds) is not { } kind) return ModelProblems.UnknownKind(kinds);
        var (query, mistake) = EntityListQuery.Parse(http.Request.Query, kind);
        if (query is null) return mistake!;
        var (state, refusal) = await Take(http, replica, latest, cancellation);
        if (state is null) return refusal!;
        return query.List.Take(state, kind) is { } part
            ? query.Show(part, state.Index)
            : ModelProblems.TooManyToSort(kind);
    }

    /// <summary><c>GET /v1/model/{kinds}/{id}</c>.</summary>
    public static async Task<IResult> Get(
        string kinds, string id, HttpContext http, ModelReplica replica, LatestIndex latest,
        CancellationToken cancellation)
    {
        if (EntityKinds.FindPlural(kinds) is not { } kind) return ModelProblems.UnknownKind(kinds);
        var (state, refusal) = await Take(http, replica, latest, cancellation);
        if (state is null) return refusal!;
        var entity = EntityId.TryParse(id, null, out var parsed) ? state.Find(new EntityKey(kind, parsed)) : null;
        if (entity is null) return ModelProblems.NotFound(kinds, id);
        http.Response.Headers.ETag = TagOf(entity);
        return TypedResults.Ok(ReaderView.Of(entity));
    }

    /// <summary>The ETag of a version of an entity.</summary>
    public static string TagOf(Entity entity) => string.Create(CultureInfo.InvariantCulture, $"\"{entity.Version}\"");

    private static async Task<(ModelState? State, Refusal? Refusal)> Take(
        HttpContext http, ModelReplica replica, LatestIndex latest, CancellationToken cancellation)
    {
        var (mode, refusal) = ReadMode.Parse(http.Request.Query);
        if (mode is null) return (null, refusal);
        var (state, stale) = await mode.Take(replica, latest, cancellation);
        if (state is null) return (null, stale);
        http.Response.Headers["Aedile-Index"] = state.Index.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["Aedile-Age-Ms"] =
            ((long)replica.Age.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        return (state, null);
    }
}
