using Aedile.Client.Repositories;
using Aedile.Silo.Gateway.Access;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Git's smart HTTP protocol under <c>/git/{virtualStorage}/{path}.git/</c>.</summary>
internal static class GitEndpoints
{
    private const string Smart =
        "this address serves git's smart HTTP protocol only; use a git client of version 2.0 or newer";

    public static void MapGit(this IEndpointRouteBuilder routes) =>
        routes.Map("/git/{virtualStorage}/{**rest}", Handle).RequireNeed("repositories");

    private static async Task Handle(
        HttpContext http, string virtualStorage, string? rest, RepositoryDirectory directory, GitReads reads,
        GitPushes pushes)
    {
        if (!GitAddress.TryParse(rest ?? "", out var address)
            || await directory.Find(virtualStorage, address.Path) is not { } id)
        {
            await GitRefusals.NotFound(http);
            return;
        }
        try
        {
            await Serve(http, address.Service, id, reads, pushes);
        }
        catch (GitProtocolException error) when (!http.Response.HasStarted)
        {
            await GitRefusals.Write(http, error.Status, error.Message);
        }
        catch (GitProtocolException)
        {
            http.Abort();
        }
    }

    private static Task Serve(
        HttpContext http, GitService service, RepositoryId id, GitReads reads, GitPushes pushes)
    {
        var isPost = HttpMethods.IsPost(http.Request.Method);
        return (service, http.Request.Query["service"].ToString()) switch
        {
            (GitService.InfoRefs, var name and ("git-upload-pack" or "git-receive-pack"))
                when HttpMethods.IsGet(http.Request.Method) => reads.Advertise(http, id, name),
            (GitService.UploadPack, _) when isPost => reads.UploadPack(http, id),
            (GitService.ReceivePack, _) when isPost => pushes.Handle(http, id),
            (GitService.UploadPack or GitService.ReceivePack, _) => GitRefusals.PostOnly(http),
            _ => GitRefusals.Write(http, 403, Smart),
        };
    }
}
