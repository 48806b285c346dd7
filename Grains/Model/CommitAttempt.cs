using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;

namespace Aedile.Grains.Model;

/// <summary>
/// Appends entries, and finds out what became of it when the connection is lost: first a higher epoch, so that a commit
/// that is still under way can't come later, then a look at the head. Its digest covers the commands' ids.
/// </summary>
internal sealed class CommitAttempt(
    IModelJournal journal, JournalHead head, ImmutableArray<ModelEntry> entries, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly long _began = clock.GetTimestamp();
    private JournalHead _head = head;

    private JournalHead Wanted => _head with { Index = entries[^1].Index, Digest = entries[^1].Digest };

    /// <summary>Runs it.</summary>
    /// <returns>The outcome, and the head to go on from; no head: somebody else writes, or nothing is known.</returns>
    public async Task<(WriteOutcome Outcome, JournalHead? Head)> Run()
    {
        while (true)
        {
            try
            {
                return await journal.TryAppend(_head, entries, CancellationToken.None)
                    ? (WriteOutcome.Written, Wanted)
                    : (WriteOutcome.NotNow, null);
            }
            catch (JournalAwayException)
            {
                if (await Resolve() is { } result) return result;
            }
        }
    }

    // Null: nothing was written, and the head is claimed anew.
    private async Task<(WriteOutcome, JournalHead?)?> Resolve()
    {
        while (clock.GetElapsedTime(_began) < Patience)
        {
            try
            {
                var seen = await journal.ReadHead(CancellationToken.None);
                if (seen.Epoch != _head.Epoch || seen.Timeline != _head.Timeline) return await LookBack(seen);
                if (await journal.TryClaim(seen, CancellationToken.None) is not { } claimed) continue;
                var isWritten = claimed.Index == Wanted.Index && claimed.Digest == Wanted.Digest;
                _head = claimed;
                return isWritten ? (WriteOutcome.Written, claimed) : null;
            }
            catch (JournalAwayException)
            {
                await Task.Delay(Pause, clock);
            }
        }

        return (WriteOutcome.InDoubt, null);
    }

    // Somebody else has claimed: ours is written if it is in the history they went on from.
    private async Task<(WriteOutcome, JournalHead?)> LookBack(JournalHead seen)
    {
        if (seen.Timeline != _head.Timeline || seen.Index < Wanted.Index) return (WriteOutcome.NotNow, null);
        var there = await journal.Read(Wanted.Index - 1, 1, CancellationToken.None);
        return (there is [var last] && last.Digest == Wanted.Digest ? WriteOutcome.Written : WriteOutcome.NotNow, null);
    }
}
