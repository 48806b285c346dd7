using System.Collections.Immutable;
using System.Security.Cryptography;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Silo.Identity.Keys;

/// <summary>
/// This silo's signing keys: makes, publishes and withdraws them as <see cref="KeyRotation"/> plans, and signs with the
/// one of the moment. <see cref="Turn"/> is called by one loop; signing is safe from any thread.
/// </summary>
internal sealed class SigningKeys(
    KeyFolder folder, IIdentityModel model, string silo, RotationPolicy policy, TimeProvider clock,
    ILogger<SigningKeys> log) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly string _actor = $"silo:{silo}";
    private ImmutableDictionary<string, ECDsa> _open = ImmutableDictionary<string, ECDsa>.Empty;

    /// <summary>Signs a token.</summary>
    /// <returns>Null while this silo has no key that others know; it has one within seconds of its start.</returns>
    public string? Sign(AccessToken token)
    {
        lock (_lock) // A key is used by one thread at a time, for 0.04 ms.
        {
            var key = KeyRotation.Choose([.. _open.Keys], Published(), clock.GetUtcNow());
            return key is null || token.ExpiresAt > key.NotAfter
                ? null
                : TokenText.Sign(token, KeyId.Parse(key.Id), _open[key.Id]);
        }
    }

    /// <summary>Does what is due. Safe to repeat; what fails is due again the next time.</summary>
    /// <returns>Whether all of it was done.</returns>
    public async Task<bool> Turn(CancellationToken cancellation)
    {
        Open();
        // A key that an old copy lacks was not withdrawn: with it this silo goes on signing while the database is away.
        if (!model.IsCurrent) return false;
        var isFirst = !model.List(EntityKind.Of<SigningKeySpec>()).Any();
        var plan = KeyRotation.Plan([.. _open.Keys], Published(), isFirst, clock.GetUtcNow(), policy);
        foreach (var step in plan)
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
            foreach (var key in _open.Values) key.Dispose();
            _open = _open.Clear();
        }
    }

    private async Task<bool> Do(RotationStep step, CancellationToken cancellation)
    {
        switch (step)
        {
            case RotationStep.Make make:
                return await Publish(make, cancellation);
            case RotationStep.Withdraw withdraw when Find(withdraw.Id) is { } entity:
                var gone = await model.Write(_actor, [ModelChange.Delete(entity)], cancellation);
                return gone.Outcome is ModelOutcome.Written or ModelOutcome.Lost;
            case RotationStep.Forget forget:
                Close(forget.Id);
                folder.Forget(forget.Id);
                log.KeyForgotten(forget.Id);
                return true;
            default:
                return true;
        }
    }

    private async Task<bool> Publish(RotationStep.Make make, CancellationToken cancellation)
    {
        var key = folder.Make();
        var spec = new SigningKeySpec(
            key.Id, key.Text, silo, make.NotBefore, make.SignsUntil, make.NotAfter);
        var id = IdOf(key.Id.Value);
        var write = await model.Write(_actor, [ModelChange.Create(id, spec)], cancellation);
        if (write.Outcome is not ModelOutcome.Written)
        {
            // Whether or not it was written after all: without its private half it signs nothing.
            folder.Forget(key.Id.Value);
            log.KeyNotPublished(key.Id, write.Outcome, write.Detail);
            return false;
        }
        Open();
        log.KeyPublished(key.Id, make.NotBefore, make.SignsUntil);
        return true;
    }

    private void Open()
    {
        foreach (var id in folder.Held().Where(id => !_open.ContainsKey(id)))
        {
            if (folder.Open(id) is { } key)
            {
                lock (_lock) _open = _open.Add(id, key);
            }
            else log.KeyNotReadable(id);
        }
    }

    private void Close(string id)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(id, out var key)) key.Dispose();
            _open = _open.Remove(id);
        }
    }

    private ImmutableArray<KeyWindow> Published() =>
    [
        .. model.List(EntityKind.Of<SigningKeySpec>()).Select(entity => entity.Spec).OfType<SigningKeySpec>()
            .Where(spec => spec.Silo == silo)
            .Select(spec => new KeyWindow(spec.Kid.Value, spec.NotBefore, spec.SignsUntil, spec.NotAfter)),
    ];

    private Entity? Find(string kid) => model.List(EntityKind.Of<SigningKeySpec>())
        .FirstOrDefault(entity => entity.Spec is SigningKeySpec spec && spec.Kid.Value == kid);

    // A key's id has capitals and underscores, an entity's has none.
    private static EntityId IdOf(string kid) => NamedIds.Of("signing-key", kid);
}
