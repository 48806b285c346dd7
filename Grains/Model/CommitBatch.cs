using System.Collections.Immutable;
using Aedile.Grains.Interfaces.Model;

namespace Aedile.Grains.Model;

/// <summary>
/// Commands that are committed together. Each is decided on the state that the ones before it make; so even a refusal
/// holds only once all of them are durable.
/// </summary>
internal sealed class CommitBatch(ModelState state)
{
    private readonly List<(WaitingCommand Command, WriteReply Reply)> _decided = [];
    private readonly ImmutableArray<Decision.Append>.Builder _appends =
        ImmutableArray.CreateBuilder<Decision.Append>();

    /// <summary>The state with all of them.</summary>
    public ModelState State { get; private set; } = state;

    /// <summary>What has to become durable, and what comes of it.</summary>
    public ImmutableArray<Decision.Append> Appends => _appends.ToImmutable();

    public int Count => _decided.Count;

    /// <summary>Characters of all entries.</summary>
    public long Length { get; private set; }

    /// <summary>Decides a command.</summary>
    public void Add(WaitingCommand waiting, DateTimeOffset now)
    {
        switch (CommandRules.Decide(State, waiting.Command, now))
        {
            case Decision.Append append:
                _appends.Add(append);
                Length += append.Entry.Content.Length;
                State = append.Next;
                _decided.Add((waiting, new WriteReply(
                    WriteOutcome.Written, append.Entry.Index, ChangedBy(append.Next, waiting.Command), null)));
                break;
            case Decision.Answer answer:
                _decided.Add((waiting, answer.Reply));
                break;
        }
    }

    /// <summary>Answers all of them: they are durable.</summary>
    public void Answer()
    {
        foreach (var (command, reply) in _decided) command.Answer(reply);
    }

    /// <summary>Answers all of them: nothing of it may be relied on.</summary>
    /// <param name="outcome">Of those that were to be written.</param>
    public void GiveUp(WriteOutcome outcome)
    {
        foreach (var (command, reply) in _decided)
        {
            command.Answer(WriteReply.Later(
                reply.Outcome is WriteOutcome.Written ? outcome : WriteOutcome.NotNow));
        }
    }

    private static ImmutableArray<ChangedEntity> ChangedBy(ModelState state, WriteCommand command) =>
    [
        .. state.Commands.Find(command.Actor, command.Key, command.Id)!.Changed
            .Select(key => new ChangedEntity(key.Kind.Name, key.Id.Value)),
    ];
}
