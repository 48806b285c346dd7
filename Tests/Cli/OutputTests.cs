using Aedile.Cli;
using Aedile.Cli.Session;
using Aedile.Tests.Support;

namespace Aedile.Tests.Cli;

/// <summary>Goal: people get tables that nobody else can write into, programs one JSON value a line.</summary>
public sealed class OutputTests
{
    private static readonly Column<string>[] Columns = [new("a", text => text), new("long title", text => text + "!")];

    [Fact]
    public async Task A_table_is_as_wide_as_what_is_in_it_and_steers_no_terminal()
    {
        var writer = new StringWriter();
        await new Output(writer, isJson: false).List(
            ((string[])["x", "\u001b[31mred"]).ToAsyncEnumerable(), Columns, CancellationToken.None);
        Assert.Equal("A         LONG TITLE\nx         x!\n\uFFFD[31mred  \uFFFD[31mred!\n", writer.ToString());
    }

    [Fact]
    public async Task A_long_list_is_shown_whole_with_one_head()
    {
        var writer = new StringWriter();
        await new Output(writer, isJson: false).List(
            Enumerable.Range(0, 1_000).Select(i => $"{i}").ToAsyncEnumerable(), Columns, CancellationToken.None);
        var lines = writer.ToString().TrimEnd().Split('\n');
        Assert.Equal(1_001, lines.Length);
        Assert.Single(lines, line => line.StartsWith('A'));
    }

    [Fact]
    public void Programs_get_the_thing_itself()
    {
        var writer = new StringWriter();
        new Output(writer, isJson: true).Show(new { Index = 7 }, ("index", "7"));
        Assert.Equal("{\"index\":7}\n", writer.ToString());
    }

    [Fact]
    public void A_session_is_readable_by_its_owner_only_and_broken_ones_are_said()
    {
        using var folder = new TestFolder("session");
        var file = new SessionFile(folder["aedile"], _ => null);
        Assert.Null(file.Read());
        var session = new StoredSession([new Uri("http://a/")], "t", "admin", "id", null);
        file.Write(session);
        file.Write(session with { Token = "u" });
        Assert.Equal("u", file.Read()!.Token);
        var path = folder["aedile/session.json"];
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        foreach (var broken in (string[])["{", "{}", "null", """{"addresses":[],"token":"x"}"""])
        {
            File.WriteAllText(path, broken);
            Assert.Throws<UsageException>(() => file.Read());
        }

        file.Delete();
        Assert.Null(file.Read());
    }
}
