using System.Collections.Immutable;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Goes through many repositories, so many at a time that memory stays small however many there are.</summary>
internal static class RepositoryPages
{
    private const int Size = 500;

    /// <summary>Does something for each.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> ForEach(ImmutableArray<RepositoryId> all, Func<RepositoryId, Task> act)
    {
        foreach (var page in all.Chunk(Size)) await Task.WhenAll(page.Select(act));
        return all.Length;
    }
}
