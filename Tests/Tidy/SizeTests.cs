using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Aedile.Tests.Tidy;

/// <summary>Goal: nothing grows so large that nobody reads it.</summary>
public sealed partial class SizeTests
{
    private const int LinesMax = 400;
    private const int TestLinesMax = 600;
    private const int GrainLinesMax = 150;
    private const int MethodLinesMax = 70;
    private const int WidthMax = 120;

    [Fact]
    public void No_file_is_too_long() =>
        SourceTree.MustBeEmpty(
            from file in SourceTree.Files(".cs", ".razor", ".css", ".js", ".sql", ".targets", ".props")
            where file.Lines.Length > LinesMaxOf(file)
            select $"{file}: {file.Lines.Length} lines, at most {LinesMaxOf(file)}");

    [Fact]
    public void No_line_is_too_wide() =>
        SourceTree.MustBeEmpty(
            from file in SourceTree.Files(".cs", ".razor", ".css", ".js", ".sql", ".targets", ".props", ".csproj")
            from line in file.Lines.Select((text, index) => (text.Length, Number: index + 1))
            where line.Length > WidthMax
            select $"{file}:{line.Number}: {line.Length} characters, at most {WidthMax}");

    [Fact]
    public void No_method_is_too_long() =>
        SourceTree.MustBeEmpty(
            from file in SourceTree.Files(".cs")
            from block in Blocks(file.Lines)
            where block.Lines > MethodLinesMax
            select $"{file}:{block.Start}: {block.Lines} lines in one method, at most {MethodLinesMax}");

    [Fact]
    public void Blocks_of_types_are_not_taken_for_methods()
    {
        string[] code =
        [
            "public sealed class Outer", "{", "    public int One()", "    {", "        return 1;", "    }", "",
            "    private sealed class Inner(", "        int a)", "    {", "        public void Two()", "        {",
            "        }", "    }", "}",
        ];
        Assert.Equal([(4, 1), (12, 0)], Blocks(code));
    }

    private static int LinesMaxOf(SourceFile file) => file.Project switch
    {
        "Grains" when file.Name.EndsWith("Grain.cs", StringComparison.Ordinal) => GrainLinesMax,
        "Tests" => TestLinesMax,
        _ => LinesMax,
    };

    // The formatter puts a member's braces alone on their lines, at the member's own indentation: no parser is needed.
    private static IEnumerable<(int Start, int Lines)> Blocks(string[] lines)
    {
        for (var open = 0; open < lines.Length; open++)
        {
            if (!OpeningBrace().IsMatch(lines[open]) || IsType(lines, open)) continue;
            var indent = lines[open].TrimEnd()[..^1];
            var close = Array.FindIndex(lines, open, line => line.StartsWith(indent + "}", StringComparison.Ordinal));
            if (close > open) yield return (open + 1, close - open - 1);
        }
    }

    private static bool IsType(string[] lines, int open)
    {
        var head = lines[..open].Reverse()
            .TakeWhile(line => line.TrimEnd() is [.., not ('{' or '}' or ';')])
            .TakeWhile(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal))
            .ToImmutableArray();
        return head.Any(line => TypeHead().IsMatch(line));
    }

    [GeneratedRegex(@"^( {4}| {8}| {12})\{\s*$")]
    private static partial Regex OpeningBrace();

    [GeneratedRegex(@"^\s*((public|private|internal|protected|static|sealed|abstract|partial|readonly|ref|file)\s+)*"
        + @"(class|record|struct|interface|enum)\s")]
    private static partial Regex TypeHead();
}
