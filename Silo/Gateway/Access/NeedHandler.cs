using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Silo.Identity;
using Microsoft.AspNetCore.Authorization;

namespace Aedile.Silo.Gateway.Access;

/// <summary>A call needs a permission; which one follows from the endpoint's kind and from the request.</summary>
/// <param name="Kind">What the endpoint is about, in the plural.</param>
internal sealed record NeedRequirement(string Kind) : IAuthorizationRequirement
{
    private const string Push = "git-receive-pack";

    /// <summary>What a request needs: to read, or to write. Git asks before a push whether it may.</summary>
    public Need Of(HttpContext http)
    {
        var request = http.Request;
        var path = request.Path.Value ?? "";
        var writes = path.StartsWith("/git/", StringComparison.Ordinal)
            ? path.EndsWith("/" + Push, StringComparison.Ordinal) || request.Query["service"] == Push
            : !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        // Entities of the model: each kind has its own permission.
        var kind = request.RouteValues["kinds"] is string plural && EntityKinds.FindPlural(plural) is not null
            ? plural
            : Kind;
        return writes ? Need.Write(kind) : Need.Read(kind);
    }

    /// <summary>Whether a caller may make a request.</summary>
    public bool IsMet(Caller caller, HttpContext http, TrustView trust)
    {
        var need = Of(http);
        return need.Verb is "read" ? caller.May(need, trust) : MayWrite(caller, need.Kind, trust);
    }

    /// <summary>Whether a caller may write entities of a kind, or what else has its name.</summary>
    public static bool MayWrite(Caller caller, string kind, TrustView trust) =>
        caller.May(Need.Write(kind), trust) && Permissions.MayWriteEntities(caller.Granted(trust), kind);
}

/// <summary>Lets calls pass whose caller has the permission now.</summary>
internal sealed class NeedHandler(IIdentityModel model) : AuthorizationHandler<NeedRequirement>
{
    /// <inheritdoc/>
    protected override Task HandleRequirementAsync(
        AuthorizationHandlerContext context, NeedRequirement requirement)
    {
        if (context.Resource is HttpContext http && Caller.Of(context.User) is { } caller
            && requirement.IsMet(caller, http, model.Trust)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
