using System.Collections.Immutable;

namespace Aedile.Client.Repositories;

/// <summary>Answer to a prepare.</summary>
/// <param name="Outcome">
/// <see cref="CommandOutcome.Done"/>: the promise is on disk, with <paramref name="Vote"/>;
/// <see cref="CommandOutcome.RefsMismatch"/>: see <paramref name="Mismatches"/>; otherwise nothing is held.
/// </param>
/// <param name="Vote">See <see cref="PrepareVote"/>.</param>
/// <param name="Mismatches">Refs that can't be updated as asked, in ordinal order of their names.</param>
/// <param name="Report">The replica after the command.</param>
/// <param name="Detail">For people: why it failed.</param>
public sealed record PrepareReply(
    CommandOutcome Outcome, string? Vote, ImmutableArray<RefMismatch> Mismatches, ReplicaReport Report,
    string? Detail = null);

/// <summary>One ref that a replica can't update as asked.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Reason">
/// What git's user is told, without the name: <c>fetch first</c> for another old value, or git's own words for a name
/// conflict (<c>refs/heads/a</c> beside <c>refs/heads/a/b</c>).
/// </param>
public sealed record RefMismatch(string Name, string Reason);

/// <summary>Answer to a staged pack: equal on all replicas that received the same bytes.</summary>
/// <param name="PackChecksum">The pack's trailer, 40 hex digits.</param>
/// <param name="ObjectCount">Objects in the pack.</param>
public sealed record StageReply(string PackChecksum, long ObjectCount);
