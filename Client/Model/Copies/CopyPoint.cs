using System.Globalization;

namespace Aedile.Client.Model.Copies;

/// <summary>Where a copy of the model stands, or a silo that copies are made of.</summary>
/// <param name="Timeline">Of the model's history; empty for a copy that holds nothing yet.</param>
/// <param name="Index">Of the newest entry that is in it.</param>
/// <param name="Digest">Of what is in it: 32 hex digits.</param>
/// <param name="AgeMs">How long ago the silo was known to hold the newest entry, in milliseconds.</param>
public sealed record CopyPoint(string Timeline, long Index, string Digest, long AgeMs)
{
    /// <summary>Of nothing: asks for everything.</summary>
    public static CopyPoint Nothing { get; } = new("", 0, "", 0);

    /// <summary>A digest as text.</summary>
    public static string TextOf(UInt128 digest) => digest.ToString("x32", CultureInfo.InvariantCulture);
}
