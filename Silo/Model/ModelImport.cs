using Aedile.Client.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Hosting;
using Aedile.Silo.Storage.Model;

namespace Aedile.Silo.Model;

/// <summary>How an import ended.</summary>
internal abstract record ImportAnswer
{
    private ImportAnswer()
    {
    }

    /// <summary>The new history stands, and this silo shows it; the others will.</summary>
    public sealed record Done(ImportResource Resource) : ImportAnswer;

    /// <summary>What was sent can't become a model.</summary>
    public sealed record Unsound(string Detail, string? Field) : ImportAnswer;

    /// <summary>There are definitions, and nobody said that they shall go.</summary>
    public sealed record NotEmpty(int Entities) : ImportAnswer;

    /// <summary>Another import is under way here, or somebody wrote in between.</summary>
    public sealed record Overtaken(string Detail) : ImportAnswer;
}

/// <summary>
/// Makes a state from outside the model: looked at wholly before anything is changed, then written in one transaction.
/// Sequencers are fenced by it; this silo shows the new history at once, the others when they next look at the head.
/// </summary>
internal sealed class ModelImport(
    IModelJournal journal, IModelHistory history, ModelReplica replica, IIdSource ids, TimeProvider clock,
    ILogger<ModelImport> log)
{
    private const int FlawsShown = 5;

    private int _running;

    /// <summary>Imports.</summary>
    /// <param name="content">A snapshot's lines.</param>
    /// <param name="mayReplace">Whether what is defined now may go.</param>
    /// <param name="storages">The virtual storages of the configuration: silos defined them, nobody else.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="cancellation">Gives up, while the content is read; from then on it goes to its end.</param>
    /// <exception cref="JournalAwayException">
    /// The database is away: the model is as it was, or, if it went away in the commit, wholly the new one.
    /// </exception>
    public async Task<ImportAnswer> Run(
        Stream content, bool mayReplace, HashSet<EntityId> storages, string actor, CancellationToken cancellation)
    {
        // A second whole model in memory is enough.
        if (Interlocked.Exchange(ref _running, 1) == 1)
            return new ImportAnswer.Overtaken("Another import is under way.");
        try
        {
            ModelState imported;
            try
            {
                imported = await SnapshotText.Read(content, cancellation);
            }
            catch (InvalidDataException error)
            {
                return new ImportAnswer.Unsound(error.Message, null);
            }

            var flaws = ImportRules.FlawsOf(imported).Take(FlawsShown).ToList();
            return flaws.Count > 0
                ? Describe(flaws)
                : await Replace(imported, state => mayReplace || ImportRules.IsFresh(state, storages), actor);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task<ImportAnswer> Replace(ModelState imported, Func<ModelState, bool> mayGo, string actor)
    {
        // The head first, then what there is up to it: what comes later loses by the head.
        var head = await journal.ReadHead(CancellationToken.None);
        var present = await replica.CatchUp(CancellationToken.None);
        if (!mayGo(present)) return new ImportAnswer.NotEmpty(present.Count);
        var timeline = ids.Next().ToString("N");
        var (start, entry) = ImportRules.Begin(imported, head, timeline, ids.Next(), actor, clock.GetUtcNow());
        if (!await history.TryReplace(head, start, entry, CancellationToken.None))
            return new ImportAnswer.Overtaken("Somebody wrote in between; nothing was changed.");
        log.Imported(imported.Count, imported.Timeline, imported.Index, timeline, actor);
        // What was written is here already: to read it back takes half a minute for a million definitions, and until
        // then reads would show what is no longer so, and writes would wait.
        replica.Load(start);
        replica.Offer([entry]);
        return new ImportAnswer.Done(new ImportResource(
            timeline, entry.Index, imported.Count, imported.ContentDigest.ToString("x32", null)));
    }

    private static ImportAnswer.Unsound Describe(List<ImportFlaw> flaws) => new(
        string.Join(' ', flaws.Select(flaw => $"{flaw.Entity}: {flaw.Flaw.Field}: {flaw.Flaw.Detail}"))
        + (flaws.Count == FlawsShown ? " There may be more." : ""), flaws[0].Flaw.Field);
}
