using System.Globalization;
using System.Text.RegularExpressions;

namespace Aedile.Tests.Tidy;

/// <summary>Goal: what is written for people leads somewhere: log ids, links, decisions.</summary>
public sealed partial class WordTests
{
    private const int DecisionLinesMax = 80;

    [Fact]
    public void Log_events_have_one_id_each_in_the_block_that_their_file_names()
    {
        var events = (
            from file in SourceTree.Files("Log.cs")
            from Match match in EventId().Matches(file.Text)
            select (File: file, Id: Number(match, 1))).ToList();
        var outside =
            from found in events
            let block = Block().Match(found.File.Text)
            where !block.Success || found.Id < Number(block, 1) || found.Id > Number(block, 2)
            select $"{found.File}: {found.Id} is not in the block of the file's summary (Log events N to M)";
        var twice =
            from same in events.GroupBy(found => found.Id)
            where same.Count() > 1
            select $"{same.Key}: {string.Join(", ", same.Select(found => found.File))}";
        SourceTree.MustBeEmpty([.. outside, .. twice]);

        static int Number(Match match, int group) =>
            int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Log_messages_stand_in_the_log_file_of_their_domain() =>
        SourceTree.MustBeEmpty(
            from file in SourceTree.Files(".cs")
            where file.Project is not ("Tests" or "Benchmarks")
            where !file.Name.EndsWith("Log.cs", StringComparison.Ordinal)
            where DirectLog().IsMatch(file.Text) || file.Text.Contains("[LoggerMessage", StringComparison.Ordinal)
            select $"{file}: a log message outside of an XLog.cs");

    [Fact]
    public void Nothing_is_left_to_do_in_a_comment() =>
        SourceTree.MustBeEmpty(
            from file in SourceTree.Files(
                ".cs", ".razor", ".css", ".js", ".sql", ".md", ".targets", ".props", ".csproj")
            where file.Name != "WordTests.cs"
            from line in file.Lines.Select((text, index) => (Text: text, Number: index + 1))
            where LeftToDo().IsMatch(line.Text)
            select $"{file}:{line.Number}: {line.Text.Trim()}");

    [Fact]
    public void Links_of_the_documents_lead_to_files_that_exist() =>
        SourceTree.MustBeEmpty(
            from file in SourceTree.Files(".md")
            from Match link in Link().Matches(WithoutCode(file.Text))
            let target = link.Groups[1].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
            where !target.StartsWith("mailto:", StringComparison.Ordinal)
            let path = Path.Combine(SourceTree.Root, file.Folder, target)
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{file}: {target}");

    [Fact]
    public void Decisions_that_code_and_documents_name_exist() =>
        SourceTree.MustBeEmpty(
            from file in SourceTree.Files(".cs", ".razor", ".md", ".targets", ".props", ".csproj")
            from Match named in Decision().Matches(file.Text)
            let number = named.Groups[1].Value
            where !SourceTree.Files(".md").Any(d => d.Path.StartsWith($"docs/adr/{number}-", StringComparison.Ordinal))
            select $"{file}: docs/adr/{number} doesn't exist");

    [Fact]
    public void Decisions_are_short_numbered_once_and_say_how_we_shall_know_that_they_were_wrong()
    {
        var decisions = SourceTree.Files(".md").Where(file => file.Folder == "docs/adr").ToList();
        Assert.NotEmpty(decisions);
        SourceTree.MustBeEmpty(
        [
            .. decisions.Where(d => d.Lines.Length > DecisionLinesMax)
                .Select(d => $"{d}: {d.Lines.Length} lines, at most {DecisionLinesMax}"),
            .. decisions.Where(d => !DecisionName().IsMatch(d.Name)).Select(d => $"{d}: not NNNN-a-sentence.md"),
            .. decisions.GroupBy(d => d.Name[..4]).Where(same => same.Count() > 1)
                .Select(same => string.Join(" and ", same)),
            .. decisions.Where(d => !d.Text.Contains("wrong", StringComparison.OrdinalIgnoreCase))
                .Select(d => $"{d}: doesn't say how we shall know that it was wrong"),
        ]);
    }

    private static string WithoutCode(string markdown) => CodeBlock().Replace(markdown, "");

    [GeneratedRegex(@"EventId = (\d+)")]
    private static partial Regex EventId();

    [GeneratedRegex(@"Log events (\d+) to (\d+)")]
    private static partial Regex Block();

    [GeneratedRegex(@"\.Log(Trace|Debug|Information|Warning|Error|Critical)\(")]
    private static partial Regex DirectLog();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex LeftToDo();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"```.*?```|`[^`]*`", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"docs/adr/(\d{4})")]
    private static partial Regex Decision();

    [GeneratedRegex(@"^\d{4}-[a-z0-9-]+\.md$")]
    private static partial Regex DecisionName();
}
