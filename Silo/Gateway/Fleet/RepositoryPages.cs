using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>Goes through many repositories page by page, so that memory stays small however many there are.</summary>
internal static class RepositoryPages
{
    private const int Size = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Does something for each; a page that can't be read is asked for again until it can.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> ForEach(
        Func<RepositoryId, int, Task<ImmutableArray<RepositoryId>>> readPage, Func<RepositoryId, Task> act,
        Action<DbException> notRead, TimeProvider clock, CancellationToken stopping)
    {
        var count = 0;
        for (RepositoryId after = default; ; )
        {
            ImmutableArray<RepositoryId> page;
            try
            {
                page = await readPage(after, Size);
            }
            catch (DbException error)
            {
                notRead(error);
                await Task.Delay(Pause, clock, stopping);
                continue;
            }
            await Task.WhenAll(page.Select(act));
            count += page.Length;
            if (page.Length < Size) return count;
            after = page[^1];
        }
    }
}
