using System.Collections.Immutable;
using System.Globalization;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>Votes as the table's text: <c>address@generation,time|address@generation,time</c>.</summary>
internal static class VoteText
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.fff 'GMT'";

    /// <returns>Null when there are none.</returns>
    public static string? Of(ImmutableArray<Suspicion> votes) => votes.IsEmpty
        ? null
        : string.Join('|', votes.Select(vote => string.Create(
            CultureInfo.InvariantCulture, $"{vote.Voter.ToParsableString()},{TimeOf(vote)}")));

    /// <summary>Reads votes; those that nobody can read don't count.</summary>
    public static ImmutableArray<Suspicion> Parse(string? text) =>
        [.. (text ?? "").Split('|').Select(ParseOne).OfType<Suspicion>()];

    private static string TimeOf(Suspicion vote) =>
        vote.At.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static Suspicion? ParseOne(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !SiloAddress.TryParse(text[..comma], out var voter)) return null;
        return DateTimeOffset.TryParseExact(
            text[(comma + 1)..], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? new Suspicion(voter, at)
            : null;
    }
}
