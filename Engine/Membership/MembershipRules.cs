using System.Collections.Immutable;
using System.Net;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>
/// Decides every change of the membership table. Pure: ages are judged by the database's clock as the snapshot saw it.
/// Null means that nothing needs to change. What a rule returns may be applied only to the version it was decided on.
/// </summary>
internal static class MembershipRules
{
    // Where the official engine counts from: a fleet may be killed with one engine and started with the other, which
    // gives up its start when a higher generation is at its address.
    private static readonly DateTimeOffset GenerationZero = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Returns the generation of a new start: higher than every earlier one at that address.</summary>
    public static int NextGeneration(MembershipTableSnapshot table, IPEndPoint endpoint)
    {
        var highest = table.Entries.Where(entry => entry.Address.Endpoint.Equals(endpoint))
            .Select(entry => entry.Address.Generation).DefaultIfEmpty(0).Max();
        return Math.Max(highest + 1, (int)(table.ReadAt - GenerationZero).TotalSeconds);
    }

    /// <summary>
    /// A starting silo first ends what is left of earlier starts at its address, then it adds itself. When a later
    /// start is there already, it stays outside.
    /// </summary>
    public static TableChange? Join(MembershipTableSnapshot table, SiloEntry self)
    {
        if (table.Find(self.Address) is not null) return null;
        if (table.Entries.Any(entry => IsEarlierStart(self.Address, entry.Address))) return null;
        var earlier = table.Entries.FirstOrDefault(entry =>
            entry.Status != SiloStatus.Dead && IsEarlierStart(entry.Address, self.Address));
        if (earlier is not null) return new TableChange.Update(earlier with { Status = SiloStatus.Dead });
        return new TableChange.Insert(self with { StartedAt = table.ReadAt, AliveAt = table.ReadAt });
    }

    /// <summary>A silo's own next state. Nobody comes back from a later one.</summary>
    public static TableChange? Advance(MembershipTableSnapshot table, SiloAddress self, SiloStatus status) =>
        table.Find(self) is { } entry && entry.Status < status
            ? new TableChange.Update(entry with { Status = status, Suspicions = [] })
            : null;

    /// <summary>Takes a silo off the hosts that says of itself that it has no lease.</summary>
    /// <remarks>Its mark is its own, so it counts for nobody's death. With its next beat it may come back.</remarks>
    public static TableChange? SetAside(
        MembershipTableSnapshot table, SiloAddress silo, MembershipLimits limits) =>
        table.Find(silo) is { Status: SiloStatus.Active } entry && table.AgeOf(entry.AliveAt) >= limits.Lease
            ? new TableChange.Update(entry with
            {
                Status = SiloStatus.Joining, Suspicions = [new Suspicion(silo, table.ReadAt)],
            })
            : null;

    /// <summary>Adds votes against a silo, and declares it dead when they are enough.</summary>
    /// <param name="table">What the voter read just now.</param>
    /// <param name="suspect">Who does not answer.</param>
    /// <param name="voters">Who found out. Those that are no electors themselves don't count.</param>
    /// <param name="limits">How many votes it takes, and how long they count.</param>
    public static TableChange? Suspect(
        MembershipTableSnapshot table, SiloAddress suspect, IEnumerable<SiloAddress> voters, MembershipLimits limits)
    {
        if (table.Find(suspect) is not { Status: not SiloStatus.Dead } entry) return null;
        var electors = Electors(table, suspect, limits);
        var fresh = voters.Where(electors.Contains).Distinct().Order().ToImmutableArray();
        if (fresh.IsEmpty) return null;

        var earlier = entry.Suspicions
            .Where(vote => electors.Contains(vote.Voter) && table.AgeOf(vote.At) < limits.VoteLifetime)
            .ToImmutableArray();
        ImmutableArray<Suspicion> votes =
        [
            .. earlier.Where(vote => !fresh.Contains(vote.Voter)),
            .. fresh.Select(voter => new Suspicion(voter, table.ReadAt)),
        ];
        if (votes.Length >= Math.Min(limits.Votes, electors.Count))
            return new TableChange.Update(entry with { Status = SiloStatus.Dead, Suspicions = votes });

        // A vote that is young enough needs no renewal, or a suspect would cost a new version with every probe.
        var isKnown = fresh.All(voter =>
            earlier.Any(vote => vote.Voter.Equals(voter) && table.AgeOf(vote.At) < limits.VoteLifetime / 2));
        return isKnown ? null : new TableChange.Update(entry with { Suspicions = votes });
    }

    /// <summary>Tidies up, one change at a time: silos that died half-way through start or stop, old rows.</summary>
    /// <remarks>Who was set aside answers probes, or is voted out: the age of its beat says nothing.</remarks>
    public static TableChange? CleanUp(MembershipTableSnapshot table, SiloAddress self, MembershipLimits limits)
    {
        if (table.Active.FirstOrDefault()?.Address.Equals(self) is not true) return null; // One silo does it.
        var stuck = table.Entries.FirstOrDefault(entry =>
            entry.Status is not (SiloStatus.Active or SiloStatus.Dead) && !entry.IsAside
            && IsSurelyOut(table, entry, limits));
        if (stuck is not null)
        {
            return new TableChange.Update(
                stuck with { Status = SiloStatus.Dead, Suspicions = [new Suspicion(self, table.ReadAt)] });
        }

        var dead = table.Entries.Where(entry => entry.Status == SiloStatus.Dead && IsSurelyOut(table, entry, limits))
            .OrderByDescending(entry => entry.AliveAt).ThenBy(entry => entry.Address).ToList();
        var old = dead.Where((entry, index) =>
            index >= (limits.DeadRowsKept ?? int.MaxValue) || table.AgeOf(entry.AliveAt) > limits.DeadRowLifetime);
        return old.Select(entry => entry.Address).ToImmutableArray() is { IsEmpty: false } silos
            ? new TableChange.Remove(silos)
            : null;
    }

    /// <summary>Whether a silo that once was in the table has to end.</summary>
    public static bool MustEnd(MembershipTableSnapshot table, SiloAddress self) =>
        table.StatusOf(self) == SiloStatus.Dead;

    /// <summary>Whether a dead silo's process is known to be gone: it left, or its address has a newer start.</summary>
    public static bool IsKnownToBeGone(MembershipTableSnapshot table, SiloAddress dead) =>
        table.Find(dead) is not { } entry || (entry.Status == SiloStatus.Dead && entry.Suspicions.IsEmpty)
        || table.Entries.Any(other => IsEarlierStart(dead, other.Address));

    /// <summary>Whether a silo's lease ended, with certainty, before the table was read.</summary>
    public static bool IsSurelyOut(MembershipTableSnapshot table, SiloEntry entry, MembershipLimits limits) =>
        table.AgeOf(entry.AliveAt) > limits.SurelyOut;

    /// <summary>Returns what the table holds after a change.</summary>
    public static MembershipTableSnapshot Apply(MembershipTableSnapshot table, TableChange change)
    {
        IEnumerable<SiloEntry> entries = change switch
        {
            TableChange.Insert insert => [.. table.Entries, insert.Entry],
            TableChange.Update update => table.Entries.Select(entry => entry.Address.Equals(update.Entry.Address)
                ? entry with { Status = update.Entry.Status, Suspicions = update.Entry.Suspicions }
                : entry),
            TableChange.Remove remove => table.Entries.Where(entry => !remove.Silos.Contains(entry.Address)),
            _ => throw new System.Diagnostics.UnreachableException($"No rule for {change}."),
        };
        return MembershipTableSnapshot.Of(table.Version + 1, table.ReadAt, entries);
    }

    /// <summary>Returns what the table holds after a beat; null when there is no such silo, or it is dead.</summary>
    public static MembershipTableSnapshot? Beat(
        MembershipTableSnapshot table, SiloAddress silo, DateTimeOffset at) =>
        table.StatusOf(silo) == SiloStatus.Dead
            ? null
            : table with
            {
                Entries = [.. table.Entries.Select(e => e.Address.Equals(silo) ? e with { AliveAt = at } : e)],
            };

    /// <summary>
    /// Who may vote about a silo: active ones that reached the table within their lease; while there is none, those
    /// that are joining, so that a fleet that crashed as a whole can start again.
    /// </summary>
    private static HashSet<SiloAddress> Electors(
        MembershipTableSnapshot table, SiloAddress suspect, MembershipLimits limits)
    {
        var present = table.Entries
            .Where(entry => !entry.Address.Equals(suspect) && table.AgeOf(entry.AliveAt) <= limits.Lease)
            .ToLookup(entry => entry.Status, entry => entry.Address);
        var electors = present[SiloStatus.Active].ToHashSet();
        return electors.Count > 0 ? electors : [.. present[SiloStatus.Joining]];
    }

    private static bool IsEarlierStart(SiloAddress one, SiloAddress other) =>
        one.Endpoint.Equals(other.Endpoint) && one.Generation < other.Generation;
}
