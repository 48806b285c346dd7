using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Grains.Model.Kinds;

/// <summary>The rules of what selectors select by.</summary>
internal static class AttributeRules
{
    private const int CountMax = 32;

    /// <summary>What is wrong with <c>spec.attributes</c>; null when nothing is.</summary>
    public static Flaw? Check(ImmutableArray<string> attributes)
    {
        if (attributes.Length > CountMax) return new Flaw("spec.attributes", $"There may be {CountMax} attributes.");
        foreach (var (place, attribute) in attributes.Index())
        {
            var field = $"spec.attributes[{place}]";
            if (!EntityId.TryParse(attribute, null, out _))
                return new Flaw(field, "An attribute has 1 to 63 of a-z 0-9 -, a letter or digit at both ends.");
            if (attribute == "all") return new Flaw(field, "'#all' selects everything: no attribute has this name.");
            if (attributes.IndexOf(attribute) != place) return new Flaw(field, $"'{attribute}' is there twice.");
        }

        return null;
    }
}
