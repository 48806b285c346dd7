using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Silo.Identity.External;

/// <summary>
/// Keys of external signers, fetched when they are needed and kept in memory, at most once a while for each signer
/// however many ask at once. Safe from any thread.
/// </summary>
internal sealed class SignerKeys(
    IKeyFetch fetch, ExternalSignerOptions options, TimeProvider clock, ILogger<SignerKeys> log)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<EntityId, Kept> _kept = [];

    /// <summary>Finds a key.</summary>
    /// <param name="id">Which signer.</param>
    /// <param name="signer">What the model says of it now.</param>
    /// <param name="kid">Id of the key.</param>
    /// <param name="cancellation">Ends the wait, not a fetch that others wait for too.</param>
    /// <returns>Null when the signer has no such key, or its keys can't be had.</returns>
    public async Task<ExternalKey?> Find(
        EntityId id, ExternalSignerSpec signer, string kid, CancellationToken cancellation)
    {
        if (signer.Keys is { } given)
            return ExternalKeys.ById(given.Select(ExternalKey.Read))?.GetValueOrDefault(kid);
        if (signer.JwksUri is not { } address) return null;
        if (Look(id, address, kid) is (KeyAdvice.Fetch, _, { } running)) await running.WaitAsync(cancellation);
        var (advice, key, _) = Look(id, address, kid);
        return advice is KeyAdvice.Use ? key : null;
    }

    // Finds, and starts a fetch if one is due: at one moment, so that two callers don't start two.
    private (KeyAdvice Advice, ExternalKey? Key, Task? Running) Look(EntityId id, Uri address, string kid)
    {
        lock (_lock)
        {
            if (!_kept.TryGetValue(id, out var kept) || kept.Address != address)
                _kept[id] = kept = new Kept(address); // The signer was moved: what was fetched elsewhere is void.
            var key = kept.Keys.GetValueOrDefault(kid);
            if (kept.Running is { IsCompleted: false } running && key is null)
                return (KeyAdvice.Fetch, null, running);
            var now = clock.GetUtcNow();
            var advice = KeyFreshness.Advise(now, kept.FetchedAt, kept.TriedAt, key is not null, options);
            if (advice is not KeyAdvice.Fetch) return (advice, key, null);
            kept.TriedAt = now;
            kept.Running = Refresh(id, kept);
            return (advice, key, kept.Running);
        }
    }

    private async Task Refresh(EntityId id, Kept kept)
    {
        await Task.Yield(); // The lock is held by whoever calls.
        var (body, why) = await fetch.Fetch(kept.Address, CancellationToken.None);
        var keys = body is null ? null : ExternalKeys.Read(body);
        if (keys is null)
        {
            log.SignerKeysNotFetched(id, kept.Address.Host, body is null ? why : "the body is no set of keys");
            return;
        }
        lock (_lock) (kept.Keys, kept.FetchedAt) = (keys, clock.GetUtcNow());
        log.SignerKeysFetched(id, keys.Count);
    }

    private sealed class Kept(Uri address)
    {
        public Uri Address => address;

        public ImmutableDictionary<string, ExternalKey> Keys { get; set; } =
            ImmutableDictionary<string, ExternalKey>.Empty;

        public DateTimeOffset? FetchedAt { get; set; }

        public DateTimeOffset? TriedAt { get; set; }

        public Task? Running { get; set; }
    }
}
