using System.Globalization;
using Aedile.Grains.Model;
using Aedile.Silo.Model;
using Microsoft.Extensions.Primitives;

namespace Aedile.Silo.Gateway.Model;

/// <summary>How fresh a read must be, as its query says.</summary>
/// <param name="IsLatest"><c>consistency=latest</c>: nothing that was acknowledged before may be missing.</param>
/// <param name="AtLeast"><c>atLeast</c>: the index that must be in it; 0 for any.</param>
/// <param name="MaxStaleness"><c>maxStaleness</c>, in milliseconds: how old the replica may be; null: any age.</param>
internal sealed record ReadMode(bool IsLatest, long AtLeast, TimeSpan? MaxStaleness)
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    /// <summary>Parses the query.</summary>
    /// <returns>The mode, or what is wrong.</returns>
    public static (ReadMode? Mode, Refusal? Refusal) Parse(IQueryCollection query)
    {
        var consistency = query["consistency"];
        if (consistency is not ([] or ["local"] or ["latest"]))
            return (null, Problems.InvalidParameter("consistency", "It is local or latest."));
        if (ParseNumber(query["atLeast"]) is not { } atLeast)
            return (null, Problems.InvalidParameter("atLeast", "It is one index: a number that is not negative."));
        var staleness = query["maxStaleness"];
        if (ParseNumber(staleness) is not { } milliseconds || milliseconds > int.MaxValue)
            return (null, Problems.InvalidParameter("maxStaleness", "It is one number of milliseconds."));
        return (new ReadMode(
            consistency is ["latest"], atLeast,
            staleness.Count == 0 ? null : TimeSpan.FromMilliseconds(milliseconds)), null);
    }

    /// <summary>The state to read, once it is fresh enough; or why there is none.</summary>
    public async Task<(ModelState? State, Refusal? Refusal)> Take(
        ModelReplica replica, LatestIndex latest, CancellationToken cancellation)
    {
        var index = AtLeast;
        try
        {
            if (IsLatest) index = Math.Max(index, await latest.Ask());
            else if (MaxStaleness < replica.Age) index = Math.Max(index, await latest.Ask());
        }
        catch (JournalAwayException)
        {
            return (null, ModelProblems.TooStale(
                $"The journal can't be asked; this silo's replica is {replica.Age.TotalMilliseconds:0} ms old."));
        }

        return await replica.WaitFor(index, WaitMax, cancellation)
            ? (replica.Current, null)
            : (null, ModelProblems.TooStale($"Index {index} is not here yet; the newest is {replica.Current.Index}."));
    }

    private static long? ParseNumber(StringValues given) => given switch
    {
        [] => 0,
        [var text] when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
