namespace Aedile.Engine.Messaging;

/// <summary>Decides whether two processes may speak to each other. Pure.</summary>
internal static class GreetingRules
{
    public static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromMinutes(1);

    /// <summary>Judges who connected.</summary>
    /// <returns>Why the link must end; null: it may stay.</returns>
    public static string? Judge(Greeting theirs, Greeting ours, PeerKind welcome)
    {
        if (theirs.ClusterId != ours.ClusterId)
            return $"it belongs to cluster '{theirs.ClusterId}', this is '{ours.ClusterId}'.";
        if (theirs.ServiceId != ours.ServiceId)
            return $"it belongs to service '{theirs.ServiceId}', this is '{ours.ServiceId}'.";
        if (theirs.Expected is { } expected && !expected.Equals(ours.Silo))
            return $"it looks for silo {expected}, which is gone; here is {ours.Name}.";
        return welcome switch
        {
            PeerKind.Silo when theirs.Silo is null => "it is a client, and this port is for silos.",
            PeerKind.Client when theirs.Silo is not null => "it is a silo, and this port is for clients.",
            PeerKind.Silo when theirs.Silo!.Equals(ours.Silo) => "it says that it is this silo itself.",
            _ => null,
        };
    }

    /// <summary>Judges who answered where this process connected.</summary>
    /// <returns>Why the link must end; null: it may stay.</returns>
    public static string? JudgeAnswer(Greeting theirs, Greeting ours)
    {
        if (theirs.ClusterId != ours.ClusterId)
            return $"it belongs to cluster '{theirs.ClusterId}', this is '{ours.ClusterId}'.";
        if (theirs.Silo is null) return "it is no silo.";
        return ours.Expected is { } expected && !expected.Equals(theirs.Silo)
            ? $"{expected} was looked for, but {theirs.Silo} is there: the one that was looked for is gone."
            : null;
    }

    /// <summary>How far apart two clocks are, when that is worth a warning.</summary>
    public static TimeSpan? ClockDifference(Greeting theirs, DateTimeOffset now)
    {
        var difference = (theirs.SentAt - now).Duration();
        return difference > ClockDifferenceMax ? difference : null;
    }
}
