using System.Collections.Immutable;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Dashboard.Identity;
using Aedile.Dashboard.Model;
using Aedile.Dashboard.SignIn;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Passwords;
using Aedile.Silo.Model;

namespace Aedile.Silo.Gateway.Pages;

/// <summary>Identities and tokens for the dashboard, by the same desks as REST.</summary>
internal sealed class IdentityPages(
    PageSignIn signIn, IIdentityModel model, ModelReplica replica, EntityWindows windows, IdentityDesk identities,
    TokenDesk tokens, IdentityOptions options, TimeProvider clock) : IIdentityView
{
    private static readonly EntityKind Identities = EntityKind.Of<IdentitySpec>();
    private static readonly EntityKind Authenticators = EntityKind.Of<AuthenticatorSpec>();

    /// <inheritdoc/>
    public Task<IdentityWindow> GetIdentities(Viewer viewer, EntityQuery query, CancellationToken cancellation)
    {
        var caller = CallerOf(viewer);
        Require(caller.May(Need.Read(Identities.Plural), model.Trust));
        var window = windows.Get(query with { Kind = Identities });
        return Task.FromResult(new IdentityWindow(
            [.. window.Items.Select(Describe)], window.Next, window.Count, window.Fault, MayWrite(caller),
            replica.IsJournalThere));
    }

    /// <inheritdoc/>
    public Task<IdentityDetails?> GetIdentity(Viewer viewer, EntityId id, CancellationToken cancellation)
    {
        var caller = CallerOf(viewer);
        var isSelf = caller.Token?.Identity == id;
        Require(isSelf || caller.May(Need.Read(Identities.Plural), model.Trust));
        if (model.Find(Identities, id) is not { } identity) return Task.FromResult<IdentityDetails?>(null);
        var maySeeWays = isSelf || caller.May(Need.Read(Authenticators.Plural), model.Trust);
        var (view, mayWrite) = (Describe(identity), MayWrite(caller));
        return Task.FromResult<IdentityDetails?>(new IdentityDetails(
            view, maySeeWays ? WaysOf(id) : null,
            isSelf ? new OwnSession(caller.Token!.Id, caller.Token.ExpiresAt) : null, mayWrite,
            isSelf && !mayWrite && view.HasPassword, isSelf || caller.May(Need.Write("tokens"), model.Trust),
            options.TokenLifeMax, replica.IsJournalThere));
    }

    /// <inheritdoc/>
    public async Task<ActAnswer> Create(Viewer viewer, NewIdentity identity, CancellationToken cancellation)
    {
        if (!EntityId.TryParse(identity.Id, null, out var id))
            return Refuse(Problems.InvalidParameter("id", "An id has 1 to 63 of a-z 0-9 -, no dash at the ends."));
        var roles = ImmutableSortedSet.CreateBuilder<EntityId>();
        foreach (var text in identity.Roles)
        {
            if (!EntityId.TryParse(text, null, out var role))
                return Refuse(Problems.InvalidParameter("roles", $"'{text}' is no id of a role."));
            roles.Add(role);
        }
        var name = string.IsNullOrWhiteSpace(identity.Name) ? null : identity.Name.Trim();
        var (code, refusal) = await identities.Create(
            CallerOf(viewer), id, name, new IdentitySpec(identity.Type, roles.ToImmutable(), []), cancellation);
        return code is null ? Refuse(refusal!) : new ActAnswer(null, code);
    }

    /// <inheritdoc/>
    public async Task<ActAnswer> Act(
        Viewer viewer, EntityId id, IdentityAct act, string? text, CancellationToken cancellation)
    {
        var caller = CallerOf(viewer);
        if (act is IdentityAct.MakeCode)
        {
            var (code, why) = await identities.MakeCode(caller, id, IdentityDesk.CodeLife, cancellation);
            return code is null ? Refuse(why!) : new ActAnswer(null, code.EnrolmentToken);
        }
        var refusal = act switch
        {
            IdentityAct.Disable => await identities.SetDisabled(caller, id, true, cancellation),
            IdentityAct.Enable => await identities.SetDisabled(caller, id, false, cancellation),
            IdentityAct.Unlock => await identities.Unlock(caller, id, cancellation),
            IdentityAct.SetPassword => await identities.SetPassword(caller, id, text ?? "", cancellation),
            IdentityAct.RevokeTokens => await tokens.RevokeAll(caller, id.Value, cancellation),
            _ => Problems.InvalidParameter("act", "There is no such act."),
        };
        return refusal is null ? new ActAnswer(null) : Refuse(refusal);
    }

    /// <inheritdoc/>
    public async Task<ActAnswer> ChangePassword(
        Viewer viewer, string current, string password, CancellationToken cancellation) =>
        await identities.ChangeOwnPassword(CallerOf(viewer), current, password, null, cancellation) is { } refusal
            ? Refuse(refusal) : new ActAnswer(null);

    /// <inheritdoc/>
    public Task<ActAnswer> Issue(Viewer viewer, IssueTokenRequest request, CancellationToken cancellation)
    {
        var (issued, refusal) = tokens.Issue(CallerOf(viewer), request);
        return Task.FromResult(issued is null
            ? Refuse(refusal!)
            : new ActAnswer(null, issued.Text, LoginEndpoints.Describe(issued)));
    }

    /// <inheritdoc/>
    public async Task<ActAnswer> Revoke(Viewer viewer, string token, CancellationToken cancellation) =>
        await tokens.Revoke(CallerOf(viewer), token, cancellation) is { } refusal
            ? Refuse(refusal) : new ActAnswer(null);

    private static ActAnswer Refuse(Refusal refusal) => new(ModelPages.Describe(refusal));

    private static void Require(bool may)
    {
        if (!may) throw NotPermittedException.Lacks(Identities.Plural, "read");
    }

    private bool MayWrite(Caller caller) => NeedRequirement.MayWrite(caller, Identities.Plural, model.Trust);

    private Caller CallerOf(Viewer viewer) =>
        signIn.CallerOf(viewer) ?? throw new NotPermittedException("The session has ended.");

    private IdentityView Describe(Entity identity)
    {
        var proof = (model.Find(Authenticators, NamedIds.PasswordOf(identity.Id))?.Spec as AuthenticatorSpec)?.Password;
        var until = proof?.LockedUntil;
        return new IdentityView(
            identity.Id, identity.Name, (IdentitySpec)identity.Spec, proof is not null,
            LockoutRule.IsLocked(until, clock.GetUtcNow()) ? until : null);
    }

    private ImmutableArray<LoginWay> WaysOf(EntityId id)
    {
        var now = clock.GetUtcNow();
        return
        [
            .. from one in model.List(Authenticators)
               let spec = (AuthenticatorSpec)one.Spec
               where spec.Identity == id
               orderby one.CreatedAt
               select DescribeWay(spec, one.UpdatedAt, now),
        ];
    }

    private static LoginWay DescribeWay(AuthenticatorSpec spec, DateTimeOffset since, DateTimeOffset now) => spec switch
    {
        { Password: { } password } => new LoginWay(
            LoginWayKind.Password, LockoutRule.IsLocked(password.LockedUntil, now) ? WayState.Locked : WayState.Good,
            password.LockedUntil, since),
        { Certificate: { } certificate } => new LoginWay(
            LoginWayKind.Certificate, certificate.NotAfter <= now ? WayState.Over : WayState.Good,
            certificate.NotAfter, since),
        { Enrolment: { UsedAt: { } used } } => new LoginWay(LoginWayKind.Code, WayState.Used, used, since),
        _ => new LoginWay(
            LoginWayKind.Code, spec.Enrolment!.ExpiresAt <= now ? WayState.Over : WayState.Good,
            spec.Enrolment.ExpiresAt, since),
    };
}
