using System.Collections.Immutable;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Dashboard.Model;
using Aedile.Dashboard.SignIn;

namespace Aedile.Dashboard.Identity;

/// <summary>
/// Who may call, and what an administrator does about it. The host implements it by the rules of REST. Everybody may
/// look at himself, and at his own tokens.
/// </summary>
/// <exception cref="NotPermittedException">The viewer may not.</exception>
public interface IIdentityView
{
    /// <summary>A part of the list. From memory.</summary>
    Task<IdentityWindow> GetIdentities(Viewer viewer, EntityQuery query, CancellationToken cancellation);

    /// <summary>One identity; null when there is none. From memory; linear in authenticators.</summary>
    Task<IdentityDetails?> GetIdentity(Viewer viewer, EntityId id, CancellationToken cancellation);

    /// <summary>Makes an identity, with a one-time code to set its password by.</summary>
    Task<ActAnswer> Create(Viewer viewer, NewIdentity identity, CancellationToken cancellation);

    /// <summary>Does something about an identity.</summary>
    /// <param name="viewer">Who does it.</param>
    /// <param name="id">About whom.</param>
    /// <param name="act">What.</param>
    /// <param name="text">The password to set; else null.</param>
    /// <param name="cancellation">Ends the wait; it may be done.</param>
    Task<ActAnswer> Act(Viewer viewer, EntityId id, IdentityAct act, string? text, CancellationToken cancellation);

    /// <summary>Changes the viewer's own password.</summary>
    /// <param name="viewer">Who does it.</param>
    /// <param name="current">The password that he has; wrong ones lock out as at the sign-in.</param>
    /// <param name="password">The new one.</param>
    /// <param name="cancellation">Ends the wait; it may be done.</param>
    Task<ActAnswer> ChangePassword(Viewer viewer, string current, string password, CancellationToken cancellation);

    /// <summary>Issues a token.</summary>
    Task<ActAnswer> Issue(Viewer viewer, IssueTokenRequest request, CancellationToken cancellation);

    /// <summary>Takes one token back.</summary>
    /// <param name="viewer">Who does it.</param>
    /// <param name="token">The token's id.</param>
    /// <param name="cancellation">Ends the wait; it may be done.</param>
    Task<ActAnswer> Revoke(Viewer viewer, string token, CancellationToken cancellation);
}

/// <summary>What can be done about an identity.</summary>
public enum IdentityAct
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Refuse all its tokens and logins.</summary>
    Disable,

    /// <summary>Take that back.</summary>
    Enable,

    /// <summary>End a lock-out.</summary>
    Unlock,

    /// <summary>Set its password.</summary>
    SetPassword,

    /// <summary>Make another one-time code.</summary>
    MakeCode,

    /// <summary>Take all its tokens back.</summary>
    RevokeTokens,
}

/// <summary>Answer to an act.</summary>
/// <param name="Problem">Why it was not done; null when it was.</param>
/// <param name="Secret">A code or token, shown once and kept nowhere; null when there is none.</param>
/// <param name="Token">What is known of a token that was issued; null otherwise.</param>
public sealed record ActAnswer(WriteProblem? Problem, string? Secret = null, TokenResource? Token = null);

/// <summary>A part of the identities.</summary>
/// <param name="Items">In order.</param>
/// <param name="Next">Where the next part begins; null when there is none.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Fault">Why the query can't be answered; null when it is.</param>
/// <param name="MayWrite">Whether the viewer may make and change them.</param>
/// <param name="IsWritable">Whether anything can be written now.</param>
public sealed record IdentityWindow(
    ImmutableArray<IdentityView> Items, string? Next, int Count, string? Fault, bool MayWrite, bool IsWritable);

/// <summary>An identity.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Spec">What it is and may.</param>
/// <param name="HasPassword">Whether it has a password.</param>
/// <param name="LockedUntil">Until when (UTC) no password of it is tried; null when it is not locked.</param>
public sealed record IdentityView(
    EntityId Id, string Name, IdentitySpec Spec, bool HasPassword, DateTimeOffset? LockedUntil);

/// <summary>An identity, and what its page needs to know.</summary>
/// <param name="Identity">Who.</param>
/// <param name="Ways">How it proves who it is; null when the viewer may not know.</param>
/// <param name="Own">The viewer's own session, if this is he and it rests on a token.</param>
/// <param name="MayWrite">Whether the viewer may change it.</param>
/// <param name="MayChangePassword">Whether this is the viewer, who may set his password by the one that he has.</param>
/// <param name="MayIssue">Whether the viewer may issue tokens to it, and take them back.</param>
/// <param name="LifeMax">The longest life of a token.</param>
/// <param name="IsWritable">Whether anything can be written now.</param>
public sealed record IdentityDetails(
    IdentityView Identity, ImmutableArray<LoginWay>? Ways, OwnSession? Own, bool MayWrite,
    bool MayChangePassword, bool MayIssue, TimeSpan LifeMax, bool IsWritable);

/// <summary>What the viewer's session rests on.</summary>
/// <param name="Token">Id of its token.</param>
/// <param name="ExpiresAt">When it ends (UTC).</param>
public sealed record OwnSession(TokenId Token, DateTimeOffset ExpiresAt);

/// <summary>An identity to be made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name; empty: as its id.</param>
/// <param name="Type">A person or a program.</param>
/// <param name="Roles">Ids of its roles.</param>
public sealed record NewIdentity(string Id, string Name, IdentityType Type, ImmutableArray<string> Roles);
