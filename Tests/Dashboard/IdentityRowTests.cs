using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Dashboard.Components;
using Aedile.Dashboard.Fleet;
using Aedile.Dashboard.Identity;

namespace Aedile.Tests.Dashboard;

/// <summary>Goal: the words of identities and sessions say the worst that is so.</summary>
public sealed class IdentityRowTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(true, true, "viewer", "disabled", (int)Tone.Bad)]
    [InlineData(false, true, "viewer", "locked out for 90 s", (int)Tone.Warning)]
    [InlineData(false, false, null, "enabled, may do nothing", (int)Tone.Quiet)]
    [InlineData(false, false, "viewer", "enabled", (int)Tone.Good)]
    public void Identity_says_first_what_shuts_it_out(
        bool disabled, bool locked, string? role, string state, int tone)
    {
        var spec = new IdentitySpec(
            IdentityType.Person, role is null ? [] : [EntityId.Parse(role)], [], disabled);
        var row = IdentityRow.From(
            new IdentityView(EntityId.Parse("anna"), "Anna", spec, true, locked ? Now.AddSeconds(90) : null), Now);
        Assert.Equal((state, (Tone)tone, "person"), (row.State, row.Tone, row.Type));
        Assert.Equal((role ?? "none", "/identities/anna"), (row.Roles, row.Href));
    }

    [Theory]
    [InlineData(LoginWayKind.Password, WayState.Good, "Password", "set")]
    [InlineData(LoginWayKind.Password, WayState.Locked, "Password", "locked out until 2026-01-01 12:00:00 UTC")]
    [InlineData(LoginWayKind.Code, WayState.Good, "One-time code", "not used yet, good until 2026-01-01 12:00:00 UTC")]
    [InlineData(LoginWayKind.Code, WayState.Used, "One-time code", "used 2026-01-01 12:00:00 UTC")]
    [InlineData(LoginWayKind.Code, WayState.Over, "One-time code", "over since 2026-01-01 12:00:00 UTC")]
    [InlineData(LoginWayKind.Certificate, WayState.Good, "Certificate", "good until 2026-01-01 12:00:00 UTC")]
    public void Way_says_how_it_is_and_until_when(LoginWayKind kind, WayState state, string name, string words)
    {
        var described = IdentityRow.Describe(new LoginWay(kind, state, Now, Now));
        Assert.Equal((name, words), (described.Name, described.State));
    }

    [Theory]
    [InlineData("running", 7L, "silo-1", "running", (int)Tone.Good)]
    [InlineData("running", null, "silo-1", "provisional", (int)Tone.Warning)]
    [InlineData("moving", 7L, "silo-1", "moving to another silo", (int)Tone.Busy)]
    [InlineData("unknown", 7L, "silo-1", "unknown", (int)Tone.Bad)]
    [InlineData("unknown", null, null, "never seen", (int)Tone.Quiet)]
    public void Session_says_where_it_stands(string state, long? epoch, string? silo, string words, int tone)
    {
        var boot = new Guid(7, 0, 0, new byte[8]);
        var seen = silo is not null;
        var row = SessionRow.From(new SessionView(
            new NodeResource(
                Sample.Node(1), state is not "unknown", state, silo, epoch, [], null, null, seen ? "0.3.0" : null,
                seen ? Now.AddSeconds(-30) : null, null),
            seen ? boot : null), Now);
        Assert.Equal((words, (Tone)tone), (row.State, row.Tone));
        Assert.Equal(seen ? ("30 s", "00000007", "0.3.0") : ("–", "–", "–"), (row.For, row.Boot, row.Version));
        Assert.Equal(epoch is null ? "–" : "7", row.Epoch);
    }
}
