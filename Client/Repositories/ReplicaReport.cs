using System.Text.Json.Serialization;

namespace Aedile.Client.Repositories;

/// <summary>A promise on a replica's disk whose outcome it may not know yet.</summary>
/// <param name="Transaction">The write.</param>
/// <param name="Token">Token of its prepare.</param>
/// <param name="Base">The version it was prepared on.</param>
/// <param name="Decided">Whether the replica knows it is decided and is applying it.</param>
public sealed record OpenEntry(TransactionId Transaction, CommandToken Token, ReplicaVersion Base, bool Decided);

/// <summary>What a replica says of its own disk. Agents speak for disks: nobody else's word replaces this.</summary>
/// <param name="Exists">Whether there is a replica at all.</param>
/// <param name="Version">What it holds; null when unknown or half repaired.</param>
/// <param name="Checksum">Content checksum of that version; null with it.</param>
/// <param name="HighestToken">The highest token it has seen, durably.</param>
/// <param name="Open">The promise it holds, if any.</param>
public sealed record ReplicaReport(
    bool Exists, ReplicaVersion? Version, string? Checksum, CommandToken HighestToken, OpenEntry? Open);

/// <summary>How a storage node took a command.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CommandOutcome>))]
public enum CommandOutcome
{
    /// <summary>Never sent.</summary>
    Unknown,

    /// <summary>Done, durably, now or earlier.</summary>
    Done,

    /// <summary>Some refs don't have their old values (prepare only); nothing is held.</summary>
    RefsMismatch,

    /// <summary>The replica isn't at the base version, or lacks the staged pack; nothing was changed.</summary>
    Behind,

    /// <summary>A higher token was seen; whoever sent this must re-read its state.</summary>
    Fenced,

    /// <summary>Another promise is open and may not be dropped yet; ask again.</summary>
    Busy,

    /// <summary>The node tried and could not; <c>Detail</c> says why.</summary>
    Failed,
}

/// <summary>Answer to a command, with the replica's report after it.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Report">The replica after the command.</param>
/// <param name="Detail">For people: why it failed.</param>
public sealed record CommandReply(CommandOutcome Outcome, ReplicaReport Report, string? Detail = null);
