using System.Collections.Immutable;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;
using Aedile.Dashboard.Repositories;
using Aedile.Silo.Gateway.Repositories;

namespace Aedile.Silo.Gateway.Pages;

/// <summary>
/// All repositories as last heard, for pages that ask every second. It is brought up to date by the questions
/// themselves: each round asks the coordinators of a slice, and of all that were not in order the round before.
/// </summary>
internal sealed class RepositoryOverview(RepositoryDirectory directory, RepositoryViewReader views, TimeProvider clock)
    : IDisposable
{
    private const int SliceSize = 500;
    private static readonly TimeSpan RoundInterval = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _round = new(1);
    private ImmutableArray<RepositoryResource> _all;
    private long _roundAt;
    private int _next;

    /// <summary>All of them by virtual storage, then path (ordinal).</summary>
    public async ValueTask<ImmutableArray<RepositoryResource>> Get(CancellationToken cancellation)
    {
        var isFirst = _all.IsDefault;
        if (!isFirst && clock.GetElapsedTime(_roundAt) < RoundInterval) return _all;
        // The very first question waits; later ones are content with what the round before found.
        if (!await _round.WaitAsync(isFirst ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, cancellation)) return _all;
        try
        {
            if (_all.IsDefault || clock.GetElapsedTime(_roundAt) >= RoundInterval)
            {
                _all = await Refresh(_all.IsDefault ? [] : _all, cancellation);
                _roundAt = clock.GetTimestamp();
            }
            return _all;
        }
        finally
        {
            _round.Release();
        }
    }

    /// <summary>One of them as it is now; null when there is none.</summary>
    public async Task<RepositoryResource?> Get(RepositoryId id, CancellationToken cancellation)
    {
        if (await directory.Get(id) is not { Stage: not RepositoryStage.Deleting } record) return null;
        return await Ask(record, cancellation);
    }

    /// <summary>Whether an assigned replica is not up to date.</summary>
    public static bool IsRepairing(RepositoryResource repository) =>
        repository.Replicas.Any(r => r is { Assigned: true, UpToDate: false });

    /// <summary>Whether no push is taken.</summary>
    public static bool IsReadOnly(RepositoryResource repository) => repository.State is not "active";

    /// <summary>How they are doing.</summary>
    public static RepositoryCounts Count(ImmutableArray<RepositoryResource> all) =>
        new(all.Length, all.Count(IsRepairing), all.Count(IsReadOnly));

    /// <inheritdoc/>
    public void Dispose() => _round.Dispose();

    private async Task<ImmutableArray<RepositoryResource>> Refresh(
        ImmutableArray<RepositoryResource> before, CancellationToken cancellation)
    {
        var known = before.ToDictionary(r => r.Id);
        var records = directory.List("").ToList();
        _next = _next < records.Count ? _next : 0;
        var slice = (From: _next, To: _next + SliceSize);
        _next = slice.To;
        return
        [
            .. await Task.WhenAll(records.Select((record, index) =>
                (index >= slice.From && index < slice.To) || !known.TryGetValue(record.Id, out var old)
                    || IsRepairing(old) || IsReadOnly(old)
                    ? Ask(record, cancellation)
                    : Task.FromResult(old))),
        ];
    }

    private Task<RepositoryResource> Ask(RepositoryRecord record, CancellationToken cancellation) =>
        views.Get(record, cancellation);
}
