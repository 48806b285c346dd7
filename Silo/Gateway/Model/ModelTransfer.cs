using System.Globalization;
using System.IO.Compression;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Gateway.Repositories;
using Aedile.Silo.Identity;
using Aedile.Silo.Model;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Model;

/// <summary>The whole model out and in, as snapshots are written: JSON lines.</summary>
internal static class ModelTransfer
{
    /// <summary>Of exports.</summary>
    public const string LinesType = "application/x-ndjson";

    /// <summary>Most bytes of an import as it is sent.</summary>
    public const long ImportBytesMax = 4L * 1024 * 1024 * 1024;

    /// <summary><c>GET /v1/model/export</c>.</summary>
    public static async Task<IResult> Export(
        HttpContext http, ModelReplica replica, LatestIndex latest, IIdentityModel identities,
        CancellationToken cancellation)
    {
        var caller = Caller.Of(http.User)!;
        var need = new Need("model", "export");
        if (!caller.May(need, identities.Trust)) return AccessProblems.Forbidden(need);
        var secrets = http.Request.Query["secrets"];
        if (secrets is not ([] or ["include"]))
            return Problems.InvalidParameter("secrets", "It is include, or not there.");
        // Who has the hashes of all passwords may guess them at leisure.
        if (secrets is ["include"] && !IsAdministrator(caller, identities.Trust))
            return AccessProblems.Forbidden(new Need(Permission.Any, Permission.Any));
        var (mode, mistake) = ReadMode.Parse(http.Request.Query);
        if (mode is null) return mistake!;
        var (state, refusal) = await mode.Take(replica, latest, cancellation);
        if (state is null) return refusal!;

        var response = http.Response;
        response.ContentType = LinesType;
        response.Headers.CacheControl = "no-store";
        response.Headers["Aedile-Index"] = state.Index.ToString(CultureInfo.InvariantCulture);
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            await SnapshotText.Write(state, response.Body, cancellation, secrets.Count == 0);
            return Results.Empty;
        }

        response.Headers.ContentEncoding = "gzip";
        await using var packed = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await SnapshotText.Write(state, packed, cancellation, secrets.Count == 0);
        return Results.Empty;
    }

    /// <summary><c>POST /v1/model/import</c>.</summary>
    public static async Task<IResult> Import(
        HttpContext http, ModelImport import, IIdentityModel identities, IOptions<VirtualStorageOptions> configured,
        CancellationToken cancellation)
    {
        var caller = Caller.Of(http.User)!;
        if (!IsAdministrator(caller, identities.Trust))
            return AccessProblems.Forbidden(new Need(Permission.Any, Permission.Any));
        var replace = http.Request.Query["replace"];
        if (replace is not ([] or ["true"] or ["false"]))
            return Problems.InvalidParameter("replace", "It is true or false.");
        if (http.Request.ContentType?.StartsWith(LinesType, StringComparison.OrdinalIgnoreCase) is not true)
            return ModelProblems.NotLines();
        var encoding = http.Request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "gzip"))
            return Problems.InvalidParameter("Content-Encoding", "It is gzip, or not there.");
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = ImportBytesMax;
        try
        {
            await using var content = encoding is "gzip"
                ? new GZipStream(http.Request.Body, CompressionMode.Decompress, leaveOpen: true)
                : http.Request.Body;
            var storages = configured.Value.VirtualStorages.Select(one => EntityId.Parse(one.Name)).ToHashSet();
            return await import.Run(content, replace is ["true"], storages, caller.Name, cancellation) switch
            {
                ImportAnswer.Done done => TypedResults.Ok(done.Resource),
                ImportAnswer.NotEmpty full => ModelProblems.NotEmpty(full.Entities),
                ImportAnswer.Overtaken late => ModelProblems.Overtaken(late.Detail),
                ImportAnswer.Unsound unsound => ModelProblems.Unsound(unsound.Detail, unsound.Field),
                _ => Problems.Failed(),
            };
        }
        catch (JournalAwayException)
        {
            return ModelProblems.ImportUnknown();
        }
    }

    private static bool IsAdministrator(Caller caller, TrustView trust) =>
        Permissions.MayGrant(caller.Granted(trust), [Permission.Parse(Permission.Any)]);
}
