using System.Security.Cryptography;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;

namespace Aedile.Grains.Model;

/// <summary>What becomes of a command.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>It is to be journaled.</summary>
    /// <param name="Entry">What the journal gets.</param>
    /// <param name="Content">What the entry says.</param>
    /// <param name="Next">The state after it, as everybody makes it who reads the entry.</param>
    public sealed record Append(ModelEntry Entry, JournalEntry Content, ModelState Next) : Decision;

    /// <summary>There is nothing to write: it is refused, or was written before.</summary>
    public sealed record Answer(WriteReply Reply) : Decision;
}

/// <summary>Decides commands on the newest state. Pure: the same state, command and time, the same decision.</summary>
internal static class CommandRules
{
    /// <summary>Most changes of a command.</summary>
    public const int ChangesMax = 1_000;

    /// <summary>Most characters of a command's bodies together.</summary>
    public const int LengthMax = 1024 * 1024;

    /// <summary>Decides a command.</summary>
    /// <param name="state">The newest state.</param>
    /// <param name="command">What is wanted.</param>
    /// <param name="now">By the sequencer's clock; the entry's time never goes back.</param>
    public static Decision Decide(ModelState state, WriteCommand command, DateTimeOffset now)
    {
        if (CheckSize(command) is { } refusal) return new Decision.Answer(WriteReply.Refused(refusal));
        var hash = command.Key is null ? "" : HashOf(command);
        if (state.Commands.Find(command.Actor, command.Key, command.Id) is { } known)
            return new Decision.Answer(Repeat(known, command, hash));
        if (ActorRules.Check(state, command) is { } forbidden)
            return new Decision.Answer(WriteReply.Refused(forbidden));

        var at = now > state.At ? now : state.At;
        var draft = new ChangeDraft(state, state.Index + 1, at, command.Id);
        foreach (var change in command.Changes)
        {
            if (draft.Make(change) is { } fault) return new Decision.Answer(WriteReply.Refused(fault));
        }

        if (draft.CheckReferences() is { } broken) return new Decision.Answer(WriteReply.Refused(broken));
        var content = new JournalEntry(
            state.Index + 1, at, command.Actor, command.Id, command.Key, hash, draft.Changes);
        var text = JsonSerializer.Serialize(content, Wire.Json);
        var entry = new ModelEntry(content.Index, text, ModelDigests.Next(state.Digest, text));
        return new Decision.Append(entry, content, draft.State.With(content, entry.Digest));
    }

    // An id is never given twice, a client's key may be.
    private static WriteReply Repeat(KnownCommand known, WriteCommand command, string hash) =>
        command.Key is null || known.Hash == hash
        ? new WriteReply(
            WriteOutcome.Written, known.Index,
            [.. known.Changed.Select(key => new ChangedEntity(key.Kind.Name, key.Id.Value))], null)
        : WriteReply.Refused(new WriteRefusal(
            WriteRule.Key, 0, null, "The key came with another command before; take a new one for a new command."));

    private static WriteRefusal? CheckSize(WriteCommand command) => command.Changes.Length switch
    {
        0 => new WriteRefusal(WriteRule.Size, 0, null, "There is nothing to change."),
        > ChangesMax => new WriteRefusal(
            WriteRule.Size, ChangesMax, null, $"A transaction has {ChangesMax} changes at most."),
        _ when command.Changes.Sum(change => (long)(change.Body?.Length ?? 0)) > LengthMax => new WriteRefusal(
            WriteRule.Size, 0, null, $"The bodies of a transaction have {LengthMax} characters at most."),
        _ => null,
    };

    private static string HashOf(WriteCommand command) => Convert.ToHexStringLower(
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command.Changes, Wire.Json)));
}
