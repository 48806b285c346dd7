using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;
using Microsoft.Extensions.Logging;

namespace Aedile.Grains.Model;

/// <summary>
/// The one writer of the journal, as long as its epoch stands. Commands that wait while a commit is under way are
/// committed together by the next. Everything runs on its grain's turns: no locks.
/// </summary>
/// <param name="journal">Where entries become durable.</param>
/// <param name="replica">Where it begins from, and who hears first.</param>
/// <param name="tell">Hears of entries that are durable.</param>
/// <param name="clock">Times of entries, and of patience.</param>
/// <param name="log">Where it says what happens.</param>
public sealed class Sequencer(
    IModelJournal journal, IModelReplica replica, Action<ImmutableArray<ModelEntry>> tell, TimeProvider clock,
    ILogger log)
{
    /// <summary>Most commands that wait; more are sent away.</summary>
    public const int WaitingMax = 20_000;

    private const int BatchMax = 500;
    private const int BatchLengthMax = 4 * CommandRules.LengthMax;

    private readonly Queue<WaitingCommand> _waiting = new();
    private JournalHead? _head;
    private ModelState _state = ModelState.Empty("");
    private Task _loop = Task.CompletedTask;

    /// <summary>Whether its epoch is over, or its head is in doubt: another activation must begin anew.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Index of the last entry that is known to be durable here.</summary>
    public long Index => _head?.Index ?? replica.Current.Index;

    /// <inheritdoc cref="IModelGrain.Write"/>
    public async Task<WriteReply> Write(WriteCommand command, CancellationToken cancellation)
    {
        if (HasEnded || _waiting.Count >= WaitingMax) return WriteReply.Later(WriteOutcome.NotNow);
        var waiting = new WaitingCommand(command);
        _waiting.Enqueue(waiting);
        if (_loop.IsCompleted) _loop = Run();
        await using var registration = cancellation.UnsafeRegister(
            static (one, token) => ((WaitingCommand)one!).GiveUp(token), waiting);
        return await waiting.Reply;
    }

    private async Task Run()
    {
        while (_waiting.Count > 0 && !HasEnded)
        {
            try
            {
                if (_head is not null || await TryClaim()) await CommitNext();
                else HasEnded = true;
            }
            catch (JournalAwayException error)
            {
                log.JournalAway(error.Message);
                SendAway();
            }
            catch (Exception error)
            {
                // Whatever it is, this activation no longer knows what the journal holds.
                log.SequencerFailed(error);
                HasEnded = true;
            }
        }

        if (HasEnded) SendAway();
    }

    // Before its first decision: an older sequencer's commit that is under way loses from here on.
    private async Task<bool> TryClaim()
    {
        while (true)
        {
            var seen = await journal.ReadHead(CancellationToken.None);
            if (await journal.TryClaim(seen, CancellationToken.None) is not { } head) continue;
            _state = await replica.CatchUp(CancellationToken.None);
            // If there is more, somebody has claimed since, and writes already.
            if (_state.Index != head.Index || _state.Digest != head.Digest) return false;
            _head = head;
            log.SequencerBegan(head.Epoch, head.Index);
            return true;
        }
    }

    private async Task CommitNext()
    {
        var batch = Decide();
        try
        {
            if (batch.Appends.IsEmpty) await AnswerUnwritten(batch);
            else await Commit(batch);
        }
        catch
        {
            batch.GiveUp(WriteOutcome.InDoubt);
            throw;
        }
    }

    // What is refused on an old state may be right on the newest: nobody else may have written.
    private async Task AnswerUnwritten(CommitBatch batch)
    {
        if (await journal.ReadHead(CancellationToken.None) == _head) batch.Answer();
        else End(batch, WriteOutcome.NotNow);
    }

    private async Task Commit(CommitBatch batch)
    {
        var appends = batch.Appends;
        ImmutableArray<ModelEntry> entries = [.. appends.Select(append => append.Entry)];
        var (outcome, head) = await new CommitAttempt(journal, _head!, entries, clock).Run();
        if (outcome is WriteOutcome.Written)
        {
            replica.Adopt(_state.Digest, appends);
            _state = batch.State;
            tell(entries);
            batch.Answer();
        }

        if (head is null) End(batch, outcome);
        else _head = head;
    }

    private CommitBatch Decide()
    {
        var batch = new CommitBatch(_state);
        while (_waiting.Count > 0 && batch.Count < BatchMax && batch.Length < BatchLengthMax)
            batch.Add(_waiting.Dequeue(), clock.GetUtcNow());
        return batch;
    }

    private void End(CommitBatch batch, WriteOutcome outcome)
    {
        log.SequencerOvertaken(_head!.Epoch, outcome);
        HasEnded = true;
        batch.GiveUp(outcome);
    }

    private void SendAway()
    {
        while (_waiting.TryDequeue(out var waiting)) waiting.Answer(WriteReply.Later(WriteOutcome.NotNow));
    }
}
