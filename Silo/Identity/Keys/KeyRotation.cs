using System.Collections.Immutable;

namespace Aedile.Silo.Identity.Keys;

/// <summary>When a published key is used, be it a signing key or an authority; times are UTC.</summary>
/// <param name="Id">Its id.</param>
/// <param name="NotBefore">It signs from then on: everybody has it by then.</param>
/// <param name="SignsUntil">It signs no more from then on.</param>
/// <param name="NotAfter">The last thing that it signed is over.</param>
internal sealed record KeyWindow(
    string Id, DateTimeOffset NotBefore, DateTimeOffset SignsUntil, DateTimeOffset NotAfter);

/// <summary>How keys follow one another.</summary>
/// <param name="SignFor">How long one signs.</param>
/// <param name="Lead">How long one is published before it signs.</param>
/// <param name="LateLead">The same when there is no other to sign meanwhile; at least a revocation's 2 s.</param>
/// <param name="SignedLifeMax">How long anything that it signed may live; it is trusted for so long after.</param>
internal sealed record RotationPolicy(TimeSpan SignFor, TimeSpan Lead, TimeSpan LateLead, TimeSpan SignedLifeMax);

/// <summary>What is to be done; each step is safe to repeat.</summary>
internal abstract record RotationStep
{
    private RotationStep() { }

    /// <summary>Make a key, keep its private half on disk, then publish it with this window.</summary>
    internal sealed record Make(DateTimeOffset NotBefore, DateTimeOffset SignsUntil, DateTimeOffset NotAfter)
        : RotationStep;

    /// <summary>Delete a private half: it isn't published, or will sign nothing more.</summary>
    internal sealed record Forget(string Id) : RotationStep;

    /// <summary>Delete a published key: nothing that it signed is valid.</summary>
    internal sealed record Withdraw(string Id) : RotationStep;
}

/// <summary>
/// When a silo's own keys are made, used and withdrawn. Pure and total: what it says follows from the private halves on
/// this silo's disk and what the model has published for it.
/// </summary>
internal static class KeyRotation
{
    /// <summary>What to do now.</summary>
    /// <param name="held">Ids of the private halves on disk.</param>
    /// <param name="published">This silo's keys in the model; the replica must have been read to its end.</param>
    /// <param name="isFirst">
    /// Whether no silo has published any key: then there is nobody who would have to wait.
    /// </param>
    /// <param name="now">Now.</param>
    /// <param name="policy">The rule.</param>
    public static ImmutableArray<RotationStep> Plan(
        ImmutableHashSet<string> held, ImmutableArray<KeyWindow> published, bool isFirst, DateTimeOffset now,
        RotationPolicy policy)
    {
        var steps = ImmutableArray.CreateBuilder<RotationStep>();
        // One whose publication was lost in a crash, or that an administrator withdrew: it must not come back.
        foreach (var id in held.Order(StringComparer.Ordinal))
        {
            if (published.FirstOrDefault(key => key.Id == id) is not { } key || now >= key.SignsUntil)
                steps.Add(new RotationStep.Forget(id));
        }
        foreach (var key in published.Where(key => now >= key.NotAfter)) steps.Add(new RotationStep.Withdraw(key.Id));

        var last = published.Where(key => held.Contains(key.Id) && now < key.SignsUntil).MaxBy(key => key.SignsUntil);
        if (last is null) steps.Add(MakeFrom(now + (isFirst ? TimeSpan.Zero : policy.LateLead), policy));
        else if (now >= last.SignsUntil - (2 * policy.Lead)) steps.Add(MakeFrom(Following(last, now, policy), policy));
        return steps.ToImmutable();
    }

    /// <summary>Which key signs now: of those that may, the one that may longest. Null: none yet.</summary>
    public static KeyWindow? Choose(
        ImmutableHashSet<string> held, ImmutableArray<KeyWindow> published, DateTimeOffset now) =>
        published.Where(key => held.Contains(key.Id) && key.NotBefore <= now && now < key.SignsUntil)
            .OrderByDescending(key => key.SignsUntil).ThenBy(key => key.Id, StringComparer.Ordinal).FirstOrDefault();

    // It begins before the last one ends, so that there is no moment without; but never before others have it, even if
    // nobody planned for so long that there is one.
    private static DateTimeOffset Following(KeyWindow last, DateTimeOffset now, RotationPolicy policy)
    {
        var planned = now + policy.Lead < last.SignsUntil ? now + policy.Lead : last.SignsUntil;
        return planned < now + policy.LateLead ? now + policy.LateLead : planned;
    }

    private static RotationStep.Make MakeFrom(DateTimeOffset from, RotationPolicy policy) =>
        new(from, from + policy.SignFor, from + policy.SignFor + policy.SignedLifeMax);
}
