using Aedile.Engine.Messaging;
using Aedile.Engine.Turns;
using Orleans.Runtime;

namespace Aedile.Engine.Observers;

/// <summary>Finds the silos that clients are connected to, by asking all of them. Thread-safe.</summary>
/// <remarks>
/// Nobody keeps a list of clients: it would have to be spread each time that one comes, goes or fails over, for the
/// few that observe. One search serves all who ask meanwhile, and its answer a second.
/// </remarks>
internal sealed class ClientLocator(
    ISiloMessenger messenger, Func<IEnumerable<SiloAddress>> silos, SiloAddress self, TimeProvider clock)
{
    private const int PagesMax = 10_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Page> _pages = new(StringComparer.Ordinal);

    /// <summary>Where a client was found within the last second; null: nobody looked, or it wasn't found.</summary>
    public SiloAddress? Known(string client)
    {
        lock (_lock) return _pages.GetValueOrDefault(client) is { } page && IsFresh(page) ? page.Silo : null;
    }

    /// <summary>Looks for a client, unless that was done within the last second and it was found.</summary>
    /// <returns>Its silo; null: no silo has it now.</returns>
    public Task<SiloAddress?> Find(string client)
    {
        lock (_lock)
        {
            if (!_pages.TryGetValue(client, out var page)) _pages[client] = page = NewPage();
            if (page.Silo is { } silo && IsFresh(page)) return Task.FromResult<SiloAddress?>(silo);
            if (page.Search is { IsCompleted: false } running) return running;
            using var _ = FlowSuppression.Begin();
            return page.Search = Search(client, page);
        }
    }

    /// <summary>Forgets where a client was: it isn't there any more.</summary>
    public void Forget(string client)
    {
        lock (_lock)
        {
            if (_pages.TryGetValue(client, out var page)) page.Silo = null;
        }
    }

    /// <summary>How long it is known that no silo has a client; zero: one may have it.</summary>
    public TimeSpan AbsentFor(string client)
    {
        lock (_lock)
        {
            return _pages.GetValueOrDefault(client)?.AbsentSince is { } since
                ? clock.GetElapsedTime(since)
                : TimeSpan.Zero;
        }
    }

    private bool IsFresh(Page page) => clock.GetElapsedTime(page.FoundAt) <= Fresh;

    // What is forgotten is found again; only that a client is gone has then to be found out anew.
    private Page NewPage()
    {
        if (_pages.Count >= PagesMax) _pages.Clear();
        return new Page();
    }

    private async Task<SiloAddress?> Search(string client, Page page)
    {
        var asked = silos().Where(silo => !silo.Equals(self)).Select(silo => Ask(silo, client)).ToList();
        SiloAddress? found = null;
        while (found is null && asked.Count > 0)
        {
            var first = await Task.WhenAny(asked);
            asked.Remove(first);
            found = await first;
        }

        lock (_lock)
        {
            page.Silo = found;
            page.FoundAt = clock.GetTimestamp();
            if (found is not null) page.AbsentSince = null;
            else page.AbsentSince ??= page.FoundAt;
        }

        return found;
    }

    private async Task<SiloAddress?> Ask(SiloAddress silo, string client)
    {
        try
        {
            var reply = await messenger.Ask<ClientQuestion, ClientReply>(
                silo, new ClientQuestion(client), AnswerLimit, CancellationToken.None);
            return reply.IsHere ? silo : null;
        }
        catch (Exception error) when (error is OrleansException or TimeoutException)
        {
            return null; // A silo that can't be asked has no use for the client either.
        }
    }

    private sealed class Page
    {
        public SiloAddress? Silo { get; set; }

        public long FoundAt { get; set; }

        public long? AbsentSince { get; set; }

        public Task<SiloAddress?>? Search { get; set; }
    }
}
