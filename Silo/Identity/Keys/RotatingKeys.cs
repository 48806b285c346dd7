using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Silo.Identity.Keys;

/// <summary>
/// Private halves of this silo that follow one another: made, published and withdrawn as <see cref="KeyRotation"/>
/// plans; the one of the moment is used. <see cref="Turn"/> is called by one loop; all else is safe from any thread.
/// </summary>
/// <typeparam name="TSpec">What the model holds of one: its public half.</typeparam>
/// <typeparam name="THalf">A private half, ready for use.</typeparam>
internal abstract class RotatingKeys<TSpec, THalf>(
    KeyFolder folder, IIdentityModel model, string silo, RotationPolicy policy, TimeProvider clock) : IDisposable
    where TSpec : EntitySpec where THalf : class, IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _actor = $"silo:{silo}";
    private ImmutableDictionary<string, THalf> _open = ImmutableDictionary<string, THalf>.Empty;

    /// <summary>Whether one can be used now: everybody knows one of them by now.</summary>
    protected bool CanUse
    {
        get { lock (_lock) return Choose() is not null; }
    }

    /// <summary>Where the private halves are.</summary>
    protected KeyFolder Folder => folder;

    /// <summary>The model.</summary>
    protected IIdentityModel Model => model;

    /// <summary>Name of this silo.</summary>
    protected string Silo => silo;

    /// <summary>Whether no silo has published any, so that there is nobody who would have to wait.</summary>
    protected virtual bool IsFirst => !model.List(EntityKind.Of<TSpec>()).Any();

    /// <summary>Does what is due. Safe to repeat; what fails is due again the next time.</summary>
    /// <returns>Whether all of it was done.</returns>
    public async Task<bool> Turn(CancellationToken cancellation)
    {
        Open();
        // One that an old copy lacks was not withdrawn: with it this silo goes on while the database is away.
        if (!model.IsCurrent) return false;
        foreach (var step in KeyRotation.Plan(folder.Held(), Published(), IsFirst, clock.GetUtcNow(), policy))
        {
            if (!await Do(step, cancellation)) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var half in _open.Values) half.Dispose();
            _open = _open.Clear();
        }
    }

    /// <summary>Makes one; its private half is on disk when this returns, for without it, it would be of no use.
    /// </summary>
    protected abstract (string Id, TSpec Spec) Make(RotationStep.Make window);

    /// <summary>Reads the private half of what was published.</summary>
    /// <returns>Null when it can't be had: it was damaged or exchanged.</returns>
    protected abstract THalf? Load(string id, TSpec spec);

    /// <summary>Whose it is, and when it is used.</summary>
    protected abstract (string Silo, KeyWindow Window) Read(TSpec spec);

    /// <summary>Says that one was published.</summary>
    protected abstract void LogPublished(string id, RotationStep.Make window);

    /// <summary>Says that one was not published, and why.</summary>
    protected abstract void LogNotPublished(string id, ModelWrite write);

    /// <summary>Says that a private half was deleted.</summary>
    protected abstract void LogForgotten(string id);

    /// <summary>Says that a private half can't be read.</summary>
    protected abstract void LogNotReadable(string id);

    /// <summary>Uses the one of the moment, one thread at a time.</summary>
    /// <returns>Null while there is none that others know; there is one within seconds of the start.</returns>
    protected TMade? Use<TMade>(Func<THalf, KeyWindow, DateTimeOffset, TMade?> use) where TMade : class
    {
        lock (_lock) return Choose() is { } window ? use(_open[window.Id], window, clock.GetUtcNow()) : null;
    }

    private KeyWindow? Choose() => KeyRotation.Choose([.. _open.Keys], Published(), clock.GetUtcNow());

    private async Task<bool> Do(RotationStep step, CancellationToken cancellation)
    {
        switch (step)
        {
            case RotationStep.Make make:
                return await Publish(make, cancellation);
            case RotationStep.Withdraw withdraw when Find(withdraw.Id) is { } found:
                var gone = await model.Write(_actor, [ModelChange.Delete(found.Entity)], cancellation);
                return gone.Outcome is ModelOutcome.Written or ModelOutcome.Lost;
            case RotationStep.Forget forget:
                Close(forget.Id);
                folder.Forget(forget.Id);
                LogForgotten(forget.Id);
                return true;
            default:
                return true;
        }
    }

    private async Task<bool> Publish(RotationStep.Make make, CancellationToken cancellation)
    {
        var (id, spec) = Make(make);
        // An id of a key has capitals and underscores, an entity's has none.
        var entity = NamedIds.Of(EntityKind.Of<TSpec>().Name, id);
        var write = await model.Write(_actor, [ModelChange.Create(entity, spec)], cancellation);
        if (write.Outcome is not ModelOutcome.Written)
        {
            // Whether or not it was written after all: without its private half nothing is signed by it.
            folder.Forget(id);
            LogNotPublished(id, write);
            return false;
        }
        Open();
        LogPublished(id, make);
        return true;
    }

    private void Open()
    {
        foreach (var id in folder.Held().Where(id => !_open.ContainsKey(id)))
        {
            // Not published: it must not be used, and the plan forgets it.
            if (Find(id) is not { } found) continue;
            if (Load(id, found.Spec) is { } half)
            {
                lock (_lock) _open = _open.Add(id, half);
                continue;
            }
            LogNotReadable(id);
            folder.Forget(id); // The plan makes another one.
        }
    }

    private void Close(string id)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(id, out var half)) half.Dispose();
            _open = _open.Remove(id);
        }
    }

    private ImmutableArray<KeyWindow> Published() =>
        [.. All().Select(one => Read(one.Spec)).Where(one => one.Silo == silo).Select(one => one.Window)];

    private (Entity Entity, TSpec Spec)? Find(string id) =>
        All().Where(one => Read(one.Spec).Window.Id == id).Select(one => ((Entity, TSpec)?)one).FirstOrDefault();

    private IEnumerable<(Entity Entity, TSpec Spec)> All() =>
        model.List(EntityKind.Of<TSpec>()).Select(entity => (entity, (TSpec)entity.Spec));
}
