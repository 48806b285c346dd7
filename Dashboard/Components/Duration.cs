namespace Aedile.Dashboard.Components;

/// <summary>Durations for people: one unit, rounded down, so that a row doesn't flicker.</summary>
internal static class Duration
{
    /// <summary>
    /// <c>0 s</c> to <c>119 s</c>, then minutes, hours and days. A clock that runs ahead gives <c>0 s</c>.
    /// </summary>
    public static string InWords(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 0 } => "0 s",
        { TotalSeconds: < 120 } => $"{(long)duration.TotalSeconds} s",
        { TotalMinutes: < 120 } => $"{(long)duration.TotalMinutes} min",
        { TotalHours: < 48 } => $"{(long)duration.TotalHours} h",
        _ => $"{(long)duration.TotalDays} days",
    };
}
