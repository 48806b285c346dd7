using System.Text.RegularExpressions;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Hostile;

/// <summary>One repository under attack: each attack must be refused clearly, and leave everything as it was.</summary>
internal sealed partial class HostileCase : IDisposable
{
    private readonly EmbeddedFleet _fleet;
    private readonly RepositoryId _id;
    private string _refs = "";

    private HostileCase(EmbeddedFleet fleet, string path, RepositoryId id, GitWork work)
    {
        _fleet = fleet;
        _id = id;
        Work = work;
        Push = new RawPush(fleet, path);
    }

    /// <summary>A clone whose main was pushed; it has one commit more, not pushed.</summary>
    public GitWork Work { get; }

    public RawPush Push { get; }

    /// <summary>Main as the fleet has it.</summary>
    public string Old { get; private set; } = "";

    /// <summary>The commit that was not pushed.</summary>
    public string New { get; private set; } = "";

    /// <summary>A pack of what <see cref="New"/> adds.</summary>
    public byte[] Pack { get; private set; } = [];

    public RefUpdate Forward => new("refs/heads/main", Old, New);

    public static async Task<HostileCase> Make(EmbeddedFleet fleet, string path)
    {
        var (repository, work) = await fleet.NewRepository(path);
        var made = new HostileCase(fleet, path, repository.Id, work) { Old = await work.Head() };
        made.New = await work.Commit("second");
        made.Pack = await RawPush.Pack(work, $"{made.New}\n^{made.Old}");
        made._refs = await fleet.WhenAllUpToDate(repository.Id);
        return made;
    }

    /// <summary>Sends a push that must be refused: by a 4xx, or by git's report without a single ok.</summary>
    public async Task<string> Refused(string what, params IEnumerable<byte[]> parts)
    {
        var (status, text) = await Push.Send(parts);
        if (status is < 400 or >= 500)
        {
            if (status != 200) Assert.Fail($"{what}: status {status}\n{text}");
            if (OkLine().IsMatch(text) || !ErrorLine().IsMatch(text)) Assert.Fail($"{what}: not refused\n{text}");
        }
        return text;
    }

    /// <summary>Fails the test unless refs are as at the start on all replicas and nothing lies about.</summary>
    public async Task NothingChanged()
    {
        Assert.Equal(_refs, await _fleet.WhenAllUpToDate(_id));
        await _fleet.WhenClean(_id);
        await _fleet.MustBeSound(_id);
    }

    /// <summary>Fails the test unless the commit that was held back can be pushed now.</summary>
    public async Task StillServes()
    {
        await Work.Ok("push", "-q", "origin", "main");
        Assert.Equal(New, (await Work.RemoteRefs())["refs/heads/main"]);
    }

    public void Dispose() => Work.Dispose();

    [GeneratedRegex(@"ok refs/")]
    private static partial Regex OkLine();

    [GeneratedRegex(@"ng refs/|ng \S|unpack (?!ok)|ERR |\x03")]
    private static partial Regex ErrorLine();
}
