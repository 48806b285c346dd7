using System.Text.Json.Nodes;
using Aedile.Tests.Support;

namespace Aedile.Tests.Compatibility;

/// <summary>Goal: the command line does against a real fleet what its help says, as a process.</summary>
[Collection<SharedFleet>]
public sealed class CommandLineTests(ThreeAgentFleet fleet) : IAsyncLifetime
{
    private readonly AedileCommand _aedile = new(fleet.Address);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => (await _aedile.Run(
        "login", "--static-token-file", Path.Combine(fleet.Data, "admin.token"))).MustSucceed();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _aedile.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact(Timeout = 120_000)]
    public async Task A_session_is_private_and_is_what_later_commands_use()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_aedile.SessionFile));
        Assert.Contains("static token", (await _aedile.Run("whoami")).MustSucceed().Output, StringComparison.Ordinal);
        Assert.DoesNotContain(fleet.Token, (await _aedile.Run("whoami", "--json")).Text, StringComparison.Ordinal);
        var status = Json(await _aedile.Run("model", "status", "--json"));
        Assert.True((long)status["index"]! > 0);
        (await _aedile.Run("logout")).MustSucceed();
        Assert.False(File.Exists(_aedile.SessionFile));
        MustEnd(1, await _aedile.Run("model", "status"), "unauthorized", "aedile login");
    }

    [Fact(Timeout = 120_000)]
    public async Task An_entity_goes_through_its_whole_life()
    {
        (await _aedile.Run(
            "model", "create", "nodes", "--id", "cli-1", "--spec", """{"attributes":["ssd"]}""", "--tag", "zone=a"))
            .MustSucceed();
        var shown = await _aedile.Run("model", "get", "node", "cli-1", "--json");
        var entity = Json(shown);
        Assert.Equal("a", (string?)entity["tags"]!["zone"]);
        Assert.Contains("cli-1", (await _aedile.Run("model", "list", "nodes")).MustSucceed().Output,
            StringComparison.Ordinal);

        entity["spec"]!["isDrained"] = true;
        var file = _aedile.File("node.json", entity.ToJsonString());
        (await _aedile.Run("model", "update", "nodes", "cli-1", "--file", file)).MustSucceed();
        MustEnd(1, await _aedile.Run("model", "update", "nodes", "cli-1", "--file", file), "version-mismatch");
        var patched = Json(await _aedile.RunWith(
            """{"tags":{"rack":"7"}}""",
            "model", "patch", "nodes", "cli-1", "--file", "-", "--tag", "zone=", "--json"));
        Assert.Equal("""{"rack":"7"}""", patched["tags"]!.ToJsonString());
        Assert.True((bool)patched["spec"]!["isDrained"]!);
        (await _aedile.Run("model", "delete", "nodes", "cli-1", "--version", $"{patched["version"]}")).MustSucceed();
        MustEnd(1, await _aedile.Run("model", "get", "nodes", "cli-1"), "entity-not-found", "[id]");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_transaction_from_a_file_is_whole_and_done_once_for_its_key()
    {
        const string Changes = """
            {"changes":[{"verb":"create","kind":"node","id":"cli-t1","body":{"spec":{"attributes":[]}}},
            {"verb":"create","kind":"node","id":"cli-t2","body":{"spec":{"attributes":[]}}}]}
            """;
        var file = _aedile.File("changes.json", Changes);
        var first = Json(await _aedile.Run("model", "transact", "--file", file, "--key", "cli-t", "--json"));
        var again = Json(await _aedile.Run("model", "transact", "--file", file, "--key", "cli-t", "--json"));
        Assert.Equal(first["index"]!.ToJsonString(), again["index"]!.ToJsonString());
        MustEnd(1, await _aedile.Run("model", "transact", "--file", file), "id-taken");
        MustEnd(2, await _aedile.RunWith("{", "model", "transact", "--file", "-"), "no JSON");
    }

    [Fact(Timeout = 180_000)]
    public async Task A_person_is_let_in_by_a_one_time_token_and_sets_passwords()
    {
        (await _aedile.Run("identity", "create", "cli-ann", "--role", "viewer")).MustSucceed();
        var enrolment = Json(await _aedile.Run("identity", "enrol", "cli-ann", "--life", "1h", "--json"));
        var token = _aedile.File("enrolment", (string)enrolment["enrolmentToken"]!);
        using var ann = new AedileCommand(fleet.Address);
        (await ann.RunWith("a long password\n", "login", "--enrolment-file", token)).MustSucceed();
        MustEnd(1, await ann.RunWith("a long password\n", "login", "--enrolment-file", token), "enrolment-over");
        MustEnd(1, await ann.Run("model", "create", "nodes", "--spec", "{}"), "forbidden");
        Assert.Contains("cli-ann", (await ann.Run("whoami")).MustSucceed().Output, StringComparison.Ordinal);

        // Her own, by the current one; that of others, by nobody but an administrator.
        var current = _aedile.File("current", "a long password");
        (await ann.RunWith(
            "another long password\n", "identity", "password", "cli-ann", "--current-password-file", current))
            .MustSucceed();
        MustEnd(1, await ann.RunWith(
            "another long password\n", "identity", "password", "admin", "--current-password-file", current),
            "forbidden");
        MustEnd(1, await ann.RunWith("another long password\n", "identity", "password", "admin"), "forbidden");
        MustEnd(1, await ann.RunWith("a long password\n", "login", "--name", "cli-ann"), "login-wrong");
        (await ann.RunWith("another long password\n", "login", "--name", "cli-ann")).MustSucceed();
        (await _aedile.RunWith("a third long password\n", "identity", "password", "cli-ann")).MustSucceed();
        MustEnd(1, await _aedile.RunWith("short\n", "identity", "password", "cli-ann"), "12 characters");
        (await ann.RunWith("a third long password\n", "login", "--name", "cli-ann")).MustSucceed();

        Assert.Contains("operator", (await _aedile.Run(
            "identity", "roles", "cli-ann", "--add", "operator", "--remove", "viewer")).MustSucceed().Output,
            StringComparison.Ordinal);
        (await _aedile.Run("identity", "disable", "cli-ann")).MustSucceed();
        MustEnd(1, await ann.Run("model", "status"), "token-refused");
        (await _aedile.Run("identity", "enable", "cli-ann")).MustSucceed();
        // Her token is of the role that was taken away; a new one is of the new role.
        MustEnd(1, await ann.Run("node", "list"), "forbidden");
        (await ann.RunWith("a third long password\n", "login", "--name", "cli-ann")).MustSucceed();
        (await ann.Run("node", "list")).MustSucceed();
        (await _aedile.Run("identity", "revoke", "cli-ann")).MustSucceed();
        MustEnd(1, await ann.Run("node", "list"), "token-refused");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_token_is_made_shown_once_and_taken_back()
    {
        (await _aedile.Run("identity", "create", "cli-robot", "--type", "program", "--role", "viewer")).MustSucceed();
        var made = Json(await _aedile.Run("token", "create", "--identity", "cli-robot", "--life", "1h", "--json"));
        var file = _aedile.File("robot.token", (string)made["token"]!);
        (await _aedile.Run("node", "list", "--token-file", file)).MustSucceed();
        (await _aedile.Run("token", "revoke", "--", (string)made["id"]!)).MustSucceed();
        MustEnd(1, await _aedile.Run("node", "list", "--token-file", file), "token-refused");
    }

    [Fact(Timeout = 180_000)]
    public async Task Repositories_nodes_and_silos_are_shown_and_check_is_content()
    {
        (await _aedile.Run("repo", "create", "default/cli/one", "--default-branch", "trunk")).MustSucceed();
        var shown = Json(await _aedile.Run("repo", "show", "default/cli/one", "--json"));
        Assert.Equal("trunk", (string?)shown["defaultBranch"]);
        Assert.Contains("default/cli/one", (await _aedile.Run("repo", "list")).MustSucceed().Output,
            StringComparison.Ordinal);
        MustEnd(1, await _aedile.Run("repo", "accept-data-loss", "default/cli/one"), "loss-not-accepted");
        Assert.Equal(4, (await _aedile.Run("node", "list")).MustSucceed().Output.TrimEnd().Split('\n').Length);
        Assert.Contains("127.0.0.1", (await _aedile.Run("node", "silos")).MustSucceed().Output,
            StringComparison.Ordinal);
        MustEnd(1, await _aedile.Run("node", "show", "nobody"), "nobody");
        Assert.Contains("all is well", (await _aedile.Run("check")).MustSucceed().Output, StringComparison.Ordinal);
        (await _aedile.Run("repo", "delete", (string)shown["id"]!)).MustSucceed();
        MustEnd(1, await _aedile.Run("repo", "show", "default/cli/one"), "default/cli/one");
        MustEnd(1, await _aedile.Run("repo", "show", "one"), "invalid-parameter");
    }

    [Fact(Timeout = 120_000)]
    public async Task Changes_are_followed_as_they_are_made_until_control_c()
    {
        var before = (long)Json(await _aedile.Run("model", "status", "--json"))["index"]!;
        using var following = _aedile.Make("changes", "--follow", "--after", $"{before}").Start();
        (await _aedile.Run("model", "create", "nodes", "--id", "cli-change", "--spec", """{"attributes":[]}"""))
            .MustSucceed();
        // Silos write, too: what became of repositories of other tests.
        while (await following.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("created node/cli-change", StringComparison.Ordinal)) break;
        }

        await Signals.Send("INT", following.Id);
        await following.WaitForExitAsync();
        Assert.Equal(130, following.ExitCode);
        var entries = (await _aedile.Run("changes", "--after", $"{before}", "--json")).MustSucceed().Output;
        Assert.Equal(before + 1, (long)JsonNode.Parse(entries.Split('\n')[0])!["index"]!);
        Assert.Contains("cli-change", entries, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("model", "Required command")]
    [InlineData("model list hoses", "There is no kind 'hoses'")]
    [InlineData("model get nodes N!", "is no id")]
    [InlineData("model list nodes --nope", "--nope")]
    [InlineData("model create nodes --tag x", "NAME=VALUE")]
    [InlineData("model create nodes --file /nowhere/x.json", "/nowhere/x.json")]
    [InlineData("login", "--enrolment-file")]
    [InlineData("token create --life soon", "is no time")]
    [InlineData("repo create nowhere", "STORAGE/PATH")]
    [InlineData("node list --address ftp://x", "no address")]
    public async Task What_makes_no_sense_is_said_and_ends_with_2(string line, string word)
    {
        var result = await _aedile.Run(line.Split(' '));
        MustEnd(2, result, word);
        Assert.Empty(result.Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_fleet_that_is_not_there_ends_with_3() => MustEnd(
        3, await _aedile.Run("model", "status", "--patience", "0", "-a", $"http://127.0.0.1:{PortRange.Take(1)}"),
        "did not answer");

    private static JsonNode Json(CommandResult result) => JsonNode.Parse(result.MustSucceed().Output)!;

    private static void MustEnd(int code, CommandResult result, params string[] words)
    {
        Assert.True(code == result.ExitCode, $"{result.Line}: {result.ExitCode}, not {code}\n{result.Text}");
        foreach (var word in words) Assert.Contains(word, result.Error, StringComparison.Ordinal);
    }
}
