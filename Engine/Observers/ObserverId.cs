using System.Globalization;
using Orleans.Runtime;

namespace Aedile.Engine.Observers;

/// <summary>
/// Ids of observers: a type that no grain has, and as key the process that the object lives in and its number there.
/// </summary>
internal static class ObserverId
{
    private const string SiloPrefix = "hosted-";

    private static readonly GrainType Type = GrainType.Create("sys.client");

    public static GrainId Of(string process, long number) =>
        GrainId.Create(Type, string.Create(CultureInfo.InvariantCulture, $"{process}+{number}"));

    /// <summary>Whether it names an observer, not a grain.</summary>
    public static bool IsOne(GrainId id) => id.Type == Type;

    /// <summary>The process of an observer: a client's id, or a <see cref="ProcessOf(SiloAddress)"/>.</summary>
    /// <returns>Empty for an id that this engine didn't make.</returns>
    public static string ProcessOf(GrainId observer)
    {
        var key = observer.Key.ToString();
        var plus = key.LastIndexOf('+');
        return plus < 0 ? "" : key[..plus];
    }

    /// <summary>What the observers of a silo have as their process.</summary>
    public static string ProcessOf(SiloAddress silo) => SiloPrefix + silo.ToParsableString();

    /// <summary>The silo that a process is; null: it is a client.</summary>
    public static SiloAddress? SiloOf(string process)
    {
        if (!process.StartsWith(SiloPrefix, StringComparison.Ordinal)) return null;
        try
        {
            return SiloAddress.Parse(process[SiloPrefix.Length..]);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            return null; // A client whose id only looks like one.
        }
    }
}
