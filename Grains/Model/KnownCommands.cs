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
/// only the gateway sends again, for half a minute. Of each sort 100,000 at most.
/// </summary>
public sealed record KnownCommands
{
    /// <summary>How long a client's key is known.</summary>
    public static readonly TimeSpan KeyAge = TimeSpan.FromHours(24);

    /// <summary>How long a command without a key is known: three times as long as a gateway sends it again.</summary>
    public static readonly TimeSpan IdAge = TimeSpan.FromSeconds(30);

    private Generation WithKey { get; init; } = new(KeyAge);

    private Generation WithoutKey { get; init; } = new(IdAge);

    /// <summary>How many there are.</summary>
    public int Count => WithKey.ByName.Count + WithoutKey.ByName.Count;

    /// <summary>None.</summary>
    public static KnownCommands None { get; } = new();

    /// <summary>The command that was written by this id or key; null when it is new.</summary>
    public KnownCommand? Find(string actor, string? key, Guid command) =>
        (key is null ? WithoutKey : WithKey).ByName.GetValueOrDefault(NameOf(actor, key, command));

    /// <summary>With a command more, and without those whose time is over.</summary>
    public KnownCommands With(JournalEntry entry)
    {
        var known = new KnownCommand(entry.Index, entry.CommandHash, [.. entry.Changes.Select(change => change.Key)]);
        var more = Restore(NameOf(entry.Actor, entry.Key, entry.Command), entry.At, known);
        return more with { WithKey = more.WithKey.Until(entry.At), WithoutKey = more.WithoutKey.Until(entry.At) };
    }

    /// <summary>All of them, oldest first within both sorts, for a snapshot.</summary>
    public IEnumerable<(string Name, DateTimeOffset At, KnownCommand Command)> List() =>
        [.. WithKey.List(), .. WithoutKey.List()];

    /// <summary>With a command that a snapshot has.</summary>
    public KnownCommands Restore(string name, DateTimeOffset at, KnownCommand command) => IsKey(name)
        ? this with { WithKey = WithKey.With(name, at, command) }
        : this with { WithoutKey = WithoutKey.With(name, at, command) };

    private static string NameOf(string actor, string? key, Guid command) =>
        key is null ? command.ToString("N") : $"{actor}\n{key}";

    private static bool IsKey(string name) => name.Contains('\n');

    // Those that are known for as long.
    private sealed record Generation(TimeSpan Age)
    {
        private const int Max = 100_000;

        // They go in lumps: a builder changes what it has made itself, and removes a thousand for little more than ten.
        private const int Lump = Max / 100;
        private static readonly TimeSpan LumpAge = TimeSpan.FromSeconds(2);

        public ImmutableDictionary<string, KnownCommand> ByName { get; private init; } =
            ImmutableDictionary<string, KnownCommand>.Empty;

        private ImmutableQueue<(string Name, DateTimeOffset At)> Names { get; init; } = [];

        public IEnumerable<(string, DateTimeOffset, KnownCommand)> List() =>
            Names.Select(one => (one.Name, one.At, ByName[one.Name]));

        public Generation With(string name, DateTimeOffset at, KnownCommand known) => this with
        {
            ByName = ByName.SetItem(name, known), Names = Names.Enqueue((name, at)),
        };

        public Generation Until(DateTimeOffset now)
        {
            if (Names.IsEmpty || (ByName.Count <= Max && now - Names.Peek().At <= Age + LumpAge)) return this;
            var (byName, names) = (ByName.ToBuilder(), Names);
            while (!names.IsEmpty && (byName.Count > Max - Lump || now - names.Peek().At > Age))
            {
                names = names.Dequeue(out var oldest);
                byName.Remove(oldest.Name);
            }

            return this with { ByName = byName.ToImmutable(), Names = names };
        }
    }
}
