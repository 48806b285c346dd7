using System.Collections.Immutable;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>All that the journal says: every replica, and how the role last ran.</summary>
/// <param name="Replicas">By repository; deleted ones stay, for their highest tokens.</param>
/// <param name="BootId">The machine's boot at the role's last start; null before the first.</param>
/// <param name="IsStopped">Whether the role then stopped in order.</param>
internal sealed record JournalState(
    ImmutableDictionary<RepositoryId, ReplicaState> Replicas, string? BootId, bool IsStopped)
{
    /// <summary>A journal without a record.</summary>
    public static JournalState Empty { get; } = new(ImmutableDictionary<RepositoryId, ReplicaState>.Empty, null, true);

    /// <summary>The state after one more entry.</summary>
    public JournalState Apply(JournalEntry entry)
    {
        if (entry.Repository is { } id)
        {
            var before = Replicas.GetValueOrDefault(id, ReplicaState.None);
            return this with { Replicas = Replicas.SetItem(id, before.Apply(entry.Record)), IsStopped = false };
        }
        return entry.Record switch
        {
            JournalRecord.Started r => AfterStart(r.BootId),
            JournalRecord.Stopped => this with { IsStopped = true },
            _ => throw new JournalCorruptException($"{entry.Record.GetType().Name} without a repository."),
        };
    }

    // kill -9 loses nothing that was written: only another boot without an orderly stop makes contents suspect.
    private JournalState AfterStart(string bootId)
    {
        var replicas = Replicas;
        if (BootId is not null && BootId != bootId && !IsStopped)
        {
            var suspects = replicas.Where(r => r.Value.Exists && !r.Value.IsSuspect)
                .Select(r => KeyValuePair.Create(r.Key, r.Value with { IsSuspect = true }));
            replicas = replicas.SetItems(suspects);
        }
        return new JournalState(replicas, bootId, IsStopped: false);
    }
}
