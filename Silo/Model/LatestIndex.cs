using Aedile.Grains.Model;

namespace Aedile.Silo.Model;

/// <summary>
/// Asks the journal for its newest index: the sequencer's word could be an old activation's. All who wait when a
/// question begins share it.
/// </summary>
internal sealed class LatestIndex(IModelJournal journal)
{
    private readonly Lock _lock = new();
    private Task _running = Task.CompletedTask;
    private Task<long>? _next;

    /// <summary>An index that is not older than this call.</summary>
    /// <exception cref="JournalAwayException">The database is away.</exception>
    public Task<long> Ask()
    {
        lock (_lock) return _next ??= AskAfter(_running);
    }

    private async Task<long> AskAfter(Task running)
    {
        // A question that is under way may have been answered before this reader came.
        await running.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding
            | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Task<long> question;
        lock (_lock)
        {
            question = Read();
            (_running, _next) = (question, null);
        }

        return await question;
    }

    private async Task<long> Read() => (await journal.ReadHead(CancellationToken.None)).Index;
}
