using System.Text;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Hostile;

/// <summary>Goal: no command list that is malformed, forged or too long changes anything.</summary>
[Collection<SharedFleet>]
public sealed class HostileCommandTests(ThreeAgentFleet fleet)
{
    [Fact(Timeout = 180_000)]
    public async Task Bad_ref_names_are_refused()
    {
        using var under = await HostileCase.Make(fleet, "hostile/names");
        string[] names =
        [
            "refs/heads/../x", "refs/heads/x.lock", "refs/heads/a..b", "refs/heads/a b", "refs/heads/a\u0001b",
            "refs/heads/", "refs/heads/.hidden", "refs/heads/a//b", "refs/heads/a@{1}", "refs/heads/a~1",
            "refs/heads/a^", "refs/heads/a:b", "refs/heads/a?", "refs/heads/a*", "refs/heads/a[", "refs/heads/a\\b",
            "refs/heads/a.", "refs/heads/@/", "../../etc/passwd", "/etc/passwd", "HEAD", "main", "config",
            "refs/heads/" + new string('n', 5000), "refs/heads/a\u007f", "-option", "refs/../HEAD",
        ];
        foreach (var name in names)
        {
            var create = new RefUpdate(name, RefUpdate.Zero, under.Old);
            await under.Refused(name, RawPush.Commands(RawPush.Capabilities, create), RawPush.EmptyPack);
        }
        await under.NothingChanged();
        await under.StillServes();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_ref_named_twice_is_refused()
    {
        using var under = await HostileCase.Make(fleet, "hostile/twice");
        var one = new RefUpdate("refs/heads/one", RefUpdate.Zero, under.Old);
        await under.Refused("twice", RawPush.Commands(RawPush.Capabilities, one, one), RawPush.EmptyPack);
        var two = one with { New = under.New };
        await under.Refused("twice, differently", RawPush.Commands(RawPush.Capabilities, one, two), under.Pack);
        await under.NothingChanged();
        await under.StillServes();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_stale_old_value_is_refused_by_the_fleet_itself()
    {
        using var under = await HostileCase.Make(fleet, "hostile/stale");
        var stale = new RefUpdate("refs/heads/main", new string('b', 40), under.New);
        var fresh = new RefUpdate("refs/heads/fresh", RefUpdate.Zero, under.New);
        await under.Refused("atomic", RawPush.Commands(RawPush.Capabilities, stale, fresh), under.Pack);
        var existing = new RefUpdate("refs/heads/main", RefUpdate.Zero, under.New);
        await under.Refused("create of what exists", RawPush.Commands("report-status", existing), under.Pack);
        var gone = new RefUpdate("refs/heads/gone", under.Old, RefUpdate.Zero);
        await under.Refused("delete of what isn't there", RawPush.Commands("report-status delete-refs", gone));
        await under.NothingChanged();

        var (status, text) = await under.Push.Send(RawPush.Commands("report-status", stale, fresh), under.Pack);
        Assert.Equal(200, status);
        Assert.Contains("ng refs/heads/main fetch first", text, StringComparison.Ordinal);
        Assert.Contains("ok refs/heads/fresh", text, StringComparison.Ordinal);
        await under.StillServes();
    }

    private static byte[] Command(string line) => [.. RawPush.Line(line), .. RawPush.Flush];

    [Fact(Timeout = 120_000)]
    public async Task Malformed_pkt_lines_are_refused()
    {
        using var under = await HostileCase.Make(fleet, "hostile/pkt-lines");
        var good = RawPush.Commands(RawPush.Capabilities, under.Forward);
        (string What, byte[] Body)[] bodies =
        [
            ("nothing", []), ("no hex", "zzzz"u8.ToArray()), ("length 1", "0001"u8.ToArray()),
            ("length 3", "0003"u8.ToArray()), ("half a length", "00"u8.ToArray()),
            ("longer than its data", "00ff0000"u8.ToArray()), ("longest and empty", "ffff"u8.ToArray()),
            ("no flush", good[..^4]), ("empty line", "0004"u8.ToArray()), ("delimiter", "00010000"u8.ToArray()),
            ("not a command", Command("hello\n")),
            ("short ids", Command("0 1 refs/heads/x\0 report-status\n")),
            ("no hex ids", Command($"{under.Old} {new string('G', 40)} refs/heads/main\0 report-status\n")),
            ("sha256 ids", Command($"{new string('0', 64)} {new string('a', 64)} refs/heads/x\0 report-status\n")),
            ("NUL in a name", Command($"{RefUpdate.Zero} {under.Old} refs/heads/x\0y\0 report-status\n")),
        ];
        foreach (var (what, body) in bodies)
        {
            var (status, text) = await under.Push.Send(body);
            Assert.True(status is 200 or (>= 400 and < 500), $"{what}: {status} {text}");
            Assert.DoesNotContain("ok refs/", text, StringComparison.Ordinal);
        }
        await under.NothingChanged();
        await under.StillServes();
    }

    [Fact(Timeout = 120_000)]
    public async Task Random_bytes_are_refused()
    {
        using var under = await HostileCase.Make(fleet, "hostile/random");
        var seed = Seed.Take();
        var good = (byte[])[.. RawPush.Commands(RawPush.Capabilities, under.Forward), .. under.Pack];
        // Behind it are capabilities: with one of them garbled the push is still good, only perhaps not reported.
        var commandLength = Array.IndexOf(good, (byte)0);
        for (var round = 0; round < Seed.Rounds(40); round++)
        {
            // Half noise, half a good request with a few bytes of its command changed.
            var body = round % 2 == 0 ? seed.Bytes(seed.Chance.Next(2000)) : good.ToArray();
            for (var i = 0; round % 2 == 1 && i < 3; i++)
                body[seed.Chance.Next(commandLength)] ^= (byte)seed.Chance.Next(1, 256);
            var (status, text) = await under.Push.Send(body);
            Assert.True(status is 200 or (>= 400 and < 500), $"round {round}: {status} {text}");
            Assert.DoesNotContain("ok refs/heads/main", text, StringComparison.Ordinal);
        }
        await under.NothingChanged();
        await under.StillServes();
    }

    [Fact(Timeout = 120_000)]
    public async Task A_list_of_a_hundred_thousand_refs_is_refused_or_limited()
    {
        using var under = await HostileCase.Make(fleet, "hostile/oversize");
        var unknown = new string('c', 40);
        var updates = Enumerable.Range(0, 100_000).Select(i =>
            new RefUpdate($"refs/heads/n{i}", RefUpdate.Zero, unknown));
        await under.Refused("too many refs", RawPush.Commands(RawPush.Capabilities, updates), RawPush.EmptyPack);
        await under.NothingChanged();
        await under.StillServes();
    }

    [Fact(Timeout = 120_000)]
    public async Task Http_that_git_would_not_send_is_refused()
    {
        using var under = await HostileCase.Make(fleet, "hostile/http");
        var git = "/git/default/hostile/http.git";
        var token = $"Authorization: Bearer {fleet.Token}";
        var push = "Content-Type: application/x-git-receive-pack-request";
        (string What, byte[] Request)[] requests =
        [
            ("unknown service", RawHttp.Head($"GET {git}/info/refs?service=git-evil HTTP/1.1", token)),
            ("no service", RawHttp.Head($"GET {git}/info/refs HTTP/1.1", token)),
            ("dumb file", RawHttp.Head($"GET {git}/objects/info/packs HTTP/1.1", token)),
            ("config file", RawHttp.Head($"GET {git}/config HTTP/1.1", token)),
            ("wrong type", RawHttp.Head($"POST {git}/git-receive-pack HTTP/1.1", token, "Content-Type: text/plain",
                "Content-Length: 4")),
            ("wrong encoding", RawHttp.Head($"POST {git}/git-receive-pack HTTP/1.1", token, push,
                "Content-Encoding: br", "Content-Length: 4")),
            ("no gzip", RawHttp.Head($"POST {git}/git-receive-pack HTTP/1.1", token, push, "Content-Encoding: gzip",
                "Content-Length: 4")),
            ("wrong method", RawHttp.Head($"PUT {git}/git-receive-pack HTTP/1.1", token, push, "Content-Length: 4")),
        ];
        foreach (var (what, request) in requests)
        {
            var answer = await RawHttp.Send(fleet.Port, request, Encoding.ASCII.GetBytes("0000"));
            Assert.True(answer.Status is >= 400 and < 500, $"{what}: {answer.Text}");
        }
        await under.NothingChanged();
        await under.StillServes();
    }
}
