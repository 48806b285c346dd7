using System.Collections.Frozen;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Aedile.Silo.Gateway.OpenApi;

/// <summary>The doc comments of the wire's records, as the compiler wrote them beside the program.</summary>
internal sealed partial class XmlDocs
{
    private readonly FrozenDictionary<string, string> _summaries;

    private XmlDocs(FrozenDictionary<string, string> summaries) => _summaries = summaries;

    /// <summary>Reads a file; nothing is documented when it isn't there.</summary>
    public static XmlDocs Load(string path)
    {
        if (!File.Exists(path)) return new XmlDocs(FrozenDictionary<string, string>.Empty);
        var members = XDocument.Load(path).Descendants("member");
        return new XmlDocs(members
            .Where(member => member.Element("summary") is not null)
            .ToFrozenDictionary(
                member => (string)member.Attribute("name")!, member => Text(member.Element("summary")!)));
    }

    /// <summary>What a type is; null when nothing is written.</summary>
    public string? Of(Type type) => _summaries.GetValueOrDefault("T:" + NameOf(type));

    /// <summary>What a property is; null when nothing is written.</summary>
    public string? Of(Type type, string property) => _summaries.GetValueOrDefault($"P:{NameOf(type)}.{property}");

    private static string NameOf(Type type) =>
        (type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    // <see cref="T:A.B.C"/> says C; <c> and <paramref> say what is in them.
    private static string Text(XElement summary)
    {
        var words = string.Concat(summary.DescendantNodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" } see => LastName().Match(
                ((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword"))!).Value,
            XElement { Name.LocalName: "paramref" } parameter => (string)parameter.Attribute("name")!,
            _ => "",
        }));
        return Spaces().Replace(words, " ").Trim();
    }

    [GeneratedRegex(@"[^.:]+$")]
    private static partial Regex LastName();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
