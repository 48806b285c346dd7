using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Grains.Model;

/// <summary>A command that was written.</summary>
/// <param name="Index">Of its entry.</param>
/// <param name="Hash">What was asked.</param>
/// <param name="Changed">The entities that it changed, in order.</param>
public sealed record KnownCommand(long Index, string Hash, ImmutableArray<EntityKey> Changed);

/// <summary>
/// Commands that may come again, so that each is written once: those with a client's key for a day, all others, which
/// only the gateway sends again, until 10,000 more were written.
/// </summary>
public sealed record KnownCommands
{
    private const int WithoutKeyMax = 10_000;
    private const int WithKeyMax = 100_000;

    /// <summary>How long a client's key is known.</summary>
    public static readonly TimeSpan KeyAge = TimeSpan.FromHours(24);

    private ImmutableDictionary<string, KnownCommand> ByName { get; init; } =
        ImmutableDictionary<string, KnownCommand>.Empty;

    private ImmutableQueue<(string Name, DateTimeOffset At)> WithKey { get; init; } = [];

    private ImmutableQueue<string> WithoutKey { get; init; } = [];

    private int WithKeyCount { get; init; }

    private int WithoutKeyCount => ByName.Count - WithKeyCount;

    /// <summary>None.</summary>
    public static KnownCommands None { get; } = new();

    /// <summary>The command that was written by this id or key; null when it is new.</summary>
    public KnownCommand? Find(string actor, string? key, Guid command) =>
        ByName.GetValueOrDefault(NameOf(actor, key, command));

    /// <summary>With a command more, and without those whose time is over.</summary>
    public KnownCommands With(JournalEntry entry)
    {
        var name = NameOf(entry.Actor, entry.Key, entry.Command);
        var known = new KnownCommand(entry.Index, entry.CommandHash, [.. entry.Changes.Select(change => change.Key)]);
        var more = entry.Key is null ? AddWithoutKey(name, known) : AddWithKey(name, known, entry.At);
        return more.WithoutOld(entry.At);
    }

    /// <summary>All of them, oldest first within both sorts, for a snapshot.</summary>
    public IEnumerable<(string Name, DateTimeOffset? At, KnownCommand Command)> List() =>
    [
        .. WithKey.Select(one => (one.Name, (DateTimeOffset?)one.At, ByName[one.Name])),
        .. WithoutKey.Select(name => (name, (DateTimeOffset?)null, ByName[name])),
    ];

    /// <summary>With a command that a snapshot has.</summary>
    public KnownCommands Restore(string name, DateTimeOffset? at, KnownCommand command) =>
        at is { } time ? AddWithKey(name, command, time) : AddWithoutKey(name, command);

    private static string NameOf(string actor, string? key, Guid command) =>
        key is null ? command.ToString("N") : $"{actor}\n{key}";

    private KnownCommands AddWithKey(string name, KnownCommand known, DateTimeOffset at) => this with
    {
        ByName = ByName.SetItem(name, known), WithKey = WithKey.Enqueue((name, at)), WithKeyCount = WithKeyCount + 1,
    };

    private KnownCommands AddWithoutKey(string name, KnownCommand known) => this with
    {
        ByName = ByName.SetItem(name, known), WithoutKey = WithoutKey.Enqueue(name),
    };

    private KnownCommands WithoutOld(DateTimeOffset now)
    {
        var known = this;
        while (known.WithKeyCount > WithKeyMax || (known.WithKeyCount > 0 && now - known.WithKey.Peek().At > KeyAge))
        {
            known = known with
            {
                ByName = known.ByName.Remove(known.WithKey.Peek().Name), WithKey = known.WithKey.Dequeue(),
                WithKeyCount = known.WithKeyCount - 1,
            };
        }

        while (known.WithoutKeyCount > WithoutKeyMax)
        {
            known = known with
            {
                ByName = known.ByName.Remove(known.WithoutKey.Peek()), WithoutKey = known.WithoutKey.Dequeue(),
            };
        }

        return known;
    }
}
