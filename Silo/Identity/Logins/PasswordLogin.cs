using System.Net;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.Passwords;

namespace Aedile.Silo.Identity.Logins;

/// <summary>
/// Logins by name and password. A wrong one takes as long as a right one, whether or not the name exists.
/// </summary>
internal sealed class PasswordLogin(
    IIdentityModel model, TokenIssuer issuer, LoginGate gate, PasswordHasher hasher, WrongPasswords wrong,
    IdentityOptions options, TimeProvider clock, ILogger<PasswordLogin> log)
{
    private const string Way = "password";

    /// <summary>Logs in.</summary>
    /// <param name="name">The identity's name.</param>
    /// <param name="password">Its password.</param>
    /// <param name="from">Where the call comes from.</param>
    /// <param name="cancellation">Ends the wait for a turn.</param>
    public async Task<LoginAnswer> Enter(
        string name, string password, IPAddress? from, CancellationToken cancellation)
    {
        var wait = gate.Take(name, from);
        if (wait > TimeSpan.Zero) return LoginAnswer.Later(wait);
        var identity = model.FindByName(EntityKind.Of<IdentitySpec>(), name);
        var stored = identity is null ? null
            : model.Find(EntityKind.Of<AuthenticatorSpec>(), NamedIds.PasswordOf(identity.Id));
        // Locked is answered without a look at the password: else each guess would still be judged.
        if (ProofOf(stored) is { LockedUntil: { } until } && LockoutRule.IsLocked(until, clock.GetUtcNow()))
            return LoginAnswer.Later(until - clock.GetUtcNow());

        bool isRight;
        using (var turn = await gate.Hash(cancellation))
        {
            if (turn is null) return LoginAnswer.NotNow;
            isRight = hasher.IsRight(password, ProofOf(stored)?.Hash);
        }
        if (!isRight || identity is null || stored is null) return await Refuse(identity, stored, from, cancellation);
        if (identity.Spec is not IdentitySpec { Disabled: false } spec) return LoginAnswer.Wrong;
        wrong.Clear(identity.Id);
        await Note(stored, password, cancellation);
        log.LoggedIn(identity.Id, Way, from);
        return LoginAnswer.Of(issuer.Issue(identity, spec.Roles, options.LoginLife));
    }

    private static PasswordProof? ProofOf(Entity? authenticator) =>
        (authenticator?.Spec as AuthenticatorSpec)?.Password;

    private async Task<LoginAnswer> Refuse(
        Entity? identity, Entity? stored, IPAddress? from, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        log.LoginRefused(Way, from, identity is null ? "no such name" : "wrong password");
        if (identity is null || stored is null || !wrong.Count(identity.Id, now)) return LoginAnswer.Wrong;
        var spec = (AuthenticatorSpec)stored.Spec;
        var locks = spec.Password!.Locks + 1;
        var until = LockoutRule.LockedUntil(locks, now, options.Lockout);
        // Lost to another silo's lock-out or to a new password: either ends these guesses too.
        await model.Write(
            ActorOf(stored), [ModelChange.Update(
                stored, spec with { Password = spec.Password with { LockedUntil = until, Locks = locks } })],
            cancellation);
        log.Locked(identity.Id, until, from);
        return LoginAnswer.Wrong;
    }

    // After a right password: lock-outs begin anew, and a hash that is too cheap by now is made anew. Not being able to
    // write is no reason to refuse: the next login tries again.
    private async Task Note(Entity stored, string password, CancellationToken cancellation)
    {
        var spec = (AuthenticatorSpec)stored.Spec;
        var proof = spec.Password!;
        if (proof is { Locks: 0, LockedUntil: null } && !hasher.IsOutdated(proof.Hash!)) return;
        var hash = proof.Hash!;
        if (hasher.IsOutdated(hash))
        {
            using var turn = await gate.Hash(cancellation);
            if (turn is null) return;
            hash = hasher.Hash(password);
        }
        await model.Write(
            ActorOf(stored), [ModelChange.Update(stored, spec with { Password = new PasswordProof(hash) })],
            cancellation);
    }

    private static string ActorOf(Entity authenticator) => $"login:{((AuthenticatorSpec)authenticator.Spec).Identity}";
}
