using System.Collections.Immutable;
using System.Globalization;
using Aedile.Client.Repositories;
using Aedile.Dashboard.Components;

namespace Aedile.Dashboard.Repositories;

/// <summary>A repository in words: what grid and page show, decided here and nowhere else.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="VirtualStorage">Where it lives.</param>
/// <param name="Path">Its name there.</param>
/// <param name="Generation">Count of its writes.</param>
/// <param name="Primary">The acting primary, or <c>none</c>.</param>
/// <param name="State">How it is.</param>
/// <param name="Tone">How to colour it.</param>
/// <param name="Replicas">Its replicas by node name.</param>
internal sealed record RepositoryRow(
    RepositoryId Id, string VirtualStorage, string Path, string Generation, string Primary, string State, Tone Tone,
    ImmutableArray<ReplicaRow> Replicas)
{
    /// <summary>Address of its page.</summary>
    public string Href => $"/repositories/{Id}";

    public static RepositoryRow From(RepositoryResource repository)
    {
        var (state, tone) = Describe(repository);
        return new RepositoryRow(
            repository.Id,
            repository.VirtualStorage,
            repository.Path,
            repository.Generation.ToString(CultureInfo.InvariantCulture),
            repository.Primary?.Value ?? "none",
            state,
            tone,
            [.. repository.Replicas.OrderBy(r => r.Node).Select(r => ReplicaRow.From(r, repository))]);
    }

    private static (string State, Tone Tone) Describe(RepositoryResource repository)
    {
        var assigned = repository.Replicas.Where(r => r.Assigned).ToImmutableArray();
        var current = assigned.Count(r => r.UpToDate);
        var unreachable = assigned.Count(r => !r.Healthy);
        return repository.State switch
        {
            "readOnly" => ("read-only", Tone.Bad),
            "creating" => ("creating", Tone.Busy),
            "deleting" => ("deleting", Tone.Busy),
            _ when unreachable > 0 => ($"{unreachable} of {assigned.Length} unreachable", Tone.Warning),
            _ when current < assigned.Length => ($"{current} of {assigned.Length} up to date", Tone.Busy),
            _ => ("in sync", Tone.Good),
        };
    }
}
