namespace Aedile.Silo.Identity.External;

/// <summary>What to do before a key is looked for.</summary>
internal enum KeyAdvice
{
    /// <summary>Nothing that this program knows.</summary>
    Unknown,

    /// <summary>Use what is there.</summary>
    Use,

    /// <summary>Fetch first, then use what is there, be it new or old.</summary>
    Fetch,

    /// <summary>There is nothing that may be used, and it is too early to fetch again.</summary>
    Refuse,
}

/// <summary>When a signer's keys are fetched. Pure.</summary>
internal static class KeyFreshness
{
    /// <summary>Advises.</summary>
    /// <param name="now">Now.</param>
    /// <param name="fetchedAt">When the keys that are there were fetched; null: there are none.</param>
    /// <param name="triedAt">When fetching was tried last, with or without success; null: never.</param>
    /// <param name="hasKey">Whether the key that is looked for is among them.</param>
    /// <param name="options">The rule.</param>
    public static KeyAdvice Advise(
        DateTimeOffset now, DateTimeOffset? fetchedAt, DateTimeOffset? triedAt, bool hasKey,
        ExternalSignerOptions options)
    {
        var mayFetch = triedAt is null || now - triedAt >= options.FetchesApart;
        var age = now - fetchedAt;
        if (hasKey && age < options.FreshFor) return KeyAdvice.Use;
        if (mayFetch) return KeyAdvice.Fetch;
        return hasKey && age < options.StaleFor ? KeyAdvice.Use : KeyAdvice.Refuse;
    }
}
