using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Aedile.Client.Model;

namespace Aedile.Grains.Model;

/// <summary>A command that was written.</summary>
/// <param name="Index">Of its entry.</param>
/// <param name="Hash">Of what was asked; empty when it came without a key.</param>
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
    public int Count => WithKey.Count + WithoutKey.Count;

    /// <summary>None.</summary>
    public static KnownCommands None { get; } = new();

    /// <summary>The command that was written by this id or key; null when it is new.</summary>
    public KnownCommand? Find(string actor, string? key, Guid command) =>
        (key is null ? WithoutKey : WithKey).Find(NameOf(actor, key, command));

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

        private PersistentMap<string, NamedCommand> ByName { get; init; } = PersistentMap<string, NamedCommand>.Empty;

        private ImmutableQueue<(string Name, DateTimeOffset At)> Names { get; init; } = [];

        public int Count => ByName.Count;

        public KnownCommand? Find(string name)
        {
            ref readonly var named = ref ByName.Find(name);
            return Unsafe.IsNullRef(in named) ? null : named.Command;
        }

        public IEnumerable<(string, DateTimeOffset, KnownCommand)> List() =>
            Names.Select(one => (one.Name, one.At, Find(one.Name)!));

        public Generation With(string name, DateTimeOffset at, KnownCommand known) => this with
        {
            ByName = ByName.With(new NamedCommand(name, known)), Names = Names.Enqueue((name, at)),
        };

        public Generation Until(DateTimeOffset now)
        {
            var (byName, names) = (ByName, Names);
            while (!names.IsEmpty && (byName.Count > Max || now - names.Peek().At > Age))
            {
                names = names.Dequeue(out var oldest);
                byName = byName.Without(oldest.Name);
            }

            return byName == ByName ? this : this with { ByName = byName, Names = names };
        }
    }

    private readonly record struct NamedCommand(string Key, KnownCommand Command) : IMapItem<string>
    {
        public static uint HashOf(string key) => (uint)key.GetHashCode(StringComparison.Ordinal);

        public bool IsOf(string key) => Key == key;
    }
}
