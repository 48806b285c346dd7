using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Aedile.Tests.Tidy;

/// <summary>Goal: who depends on whom, and where things stand, is as docs/ARCHITECTURE.md says.</summary>
public sealed partial class LayoutTests
{
    private const int DesignLinesMax = 80;

    // Contracts share the client's values (docs/adr/0005), so Grains.Interfaces may use Client.
    private static readonly ImmutableDictionary<string, ImmutableArray<string>> MayUse =
        new Dictionary<string, ImmutableArray<string>>
        {
            ["Client"] = [],
            ["Engine"] = [],
            ["Grains.Interfaces"] = ["Client", "Engine"],
            ["Grains"] = ["Grains.Interfaces", "Engine"],
            ["Dashboard"] = ["Client"],
            ["Agent"] = ["Client"],
            ["Cli"] = ["Client"],
            ["Silo"] = ["Client", "Engine", "Grains.Interfaces", "Grains", "Dashboard"],
            ["Tests"] = SourceTree.Projects,
            ["Benchmarks"] = SourceTree.Projects,
        }.ToImmutableDictionary();

    [Fact]
    public void Every_project_is_known_here_and_in_the_solution()
    {
        var projects = SourceTree.Files(".csproj").Select(file => file.Project).Order(StringComparer.Ordinal);
        Assert.Equal(MayUse.Keys.Order(StringComparer.Ordinal), projects);
        var solution = SourceTree.Files("Orleans.sln").Single().Text;
        SourceTree.MustBeEmpty(
            MayUse.Keys.Where(p => !solution.Contains($"{p}\\{p}.csproj", StringComparison.Ordinal)));
    }

    [Fact]
    public void References_between_projects_run_one_way()
    {
        var faults =
            from project in SourceTree.Files(".csproj")
            from used in References().Matches(project.Text).Select(match => match.Groups[1].Value)
                .Concat(project.Text.Contains("<UsesEngine>true", StringComparison.Ordinal) ? ["Engine"] : [])
            where !MayUse[project.Project].Contains(used)
            select $"{project}: may not use {used}";
        SourceTree.MustBeEmpty(faults);
    }

    [Fact]
    public void No_folder_or_type_has_a_name_that_says_nothing() =>
        SourceTree.MustBeEmpty(
            from file in SourceTree.Files(".cs", ".razor")
            where file.Path.Split('/').Any(part => EmptyName().IsMatch(part))
                || EmptyTypeName().IsMatch(file.Text)
            select $"{file}: Common, Utils, Helpers and Managers hide what a thing is for");

    [Fact]
    public void Every_domain_folder_with_code_has_a_short_design()
    {
        var folders = SourceTree.Files(".cs", ".razor").Select(file => file.Folder).ToHashSet();
        var homes =
            from project in (string[])["Grains", "Agent", "Dashboard", "Silo/Gateway"]
            from domain in SourceTree.Domains
            let folder = $"{project}/{domain}"
            where folders.Any(used => used == folder || used.StartsWith(folder + "/", StringComparison.Ordinal))
            select folder;
        var designs = SourceTree.Files("DESIGN.md");
        SourceTree.MustBeEmpty(
        [
            .. homes.Where(home => designs.All(d => d.Folder != home)).Select(home => $"{home}: no DESIGN.md"),
            .. designs.Where(d => d.Lines.Length > DesignLinesMax)
                .Select(d => $"{d}: {d.Lines.Length} lines, at most {DesignLinesMax}"),
        ]);
    }

    [Fact]
    public void Every_statement_in_sql_is_used()
    {
        var code = SourceTree.Files(".cs").Where(file => file.Project is "Silo" or "Engine").ToImmutableArray();
        SourceTree.MustBeEmpty(
            from sql in SourceTree.Files(".sql")
            where !sql.Folder.EndsWith("/Migrations", StringComparison.Ordinal) // The migrator runs all of them.
            let name = sql.Name.Split('.')[0] // A dialect's own statement has the dialect's name before the ending.
            where !code.Any(file => Regex.IsMatch(file.Text, $"""["/]{Regex.Escape(name)}(\.sql)?["]"""))
            select $"{sql}: nobody reads it");
    }

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*?([^/\\""]+)\.csproj""")]
    private static partial Regex References();

    [GeneratedRegex(@"^(Commons?|Utils?|Utilities|Helpers?|Managers?|Misc)(\.\w+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum)\s+\w*(Common|Utils?|Utilities|Helpers?|Managers?)\b")]
    private static partial Regex EmptyTypeName();
}
