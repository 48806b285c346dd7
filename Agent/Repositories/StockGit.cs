using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Aedile.Agent.Identity;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>The <c>git</c> program of the machine, 2.39 or newer.</summary>
internal sealed class StockGit(
    TimeProvider clock, GitSlots slots, SpawnThread spawn, Func<CredentialFolder> credentials, ILogger log) : IGit
{
    private static readonly TimeSpan OldChildGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OldChildPoll = TimeSpan.FromMilliseconds(20);
    private readonly string _bootId = MachineBoot.ReadId();
    private readonly StockPackReceiver _packs = new(clock, slots);

    public async Task InitBare(string repository, string defaultBranch, CancellationToken cancellation)
    {
        const string heads = "refs/heads/";
        var start = GitEnvironment.Make(
            null, null, "init", "--quiet", "--bare", "--template=", "--object-format=sha1", repository);
        await Run(start, cancellation);
        // Not by --initial-branch, which takes only what it would name itself.
        if (defaultBranch != heads + "master") await SetHead(repository, defaultBranch, cancellation);
    }

    public Task<StageReply> ReceivePack(
        string repository, string quarantine, PipeReader pack, long sizeMax, CancellationToken cancellation) =>
        _packs.Receive(repository, quarantine, pack, sizeMax, cancellation);

    public async Task CheckConnectivity(
        string repository, string? quarantine, IReadOnlyCollection<string> tips, CancellationToken cancellation)
    {
        if (tips.Count == 0) return;
        // Also objects that are here already are walked unless a ref reaches them: they may be what an aborted push
        // left.
        var start = GitEnvironment.Make(
            repository, quarantine, "rev-list", "--objects", "--stdin", "--not", "--all", "--quiet");
        using var slot = await slots.Short.Enter(cancellation);
        await using var git = GitProcess.Start(start, clock);
        await git.TryWrite(Encoding.ASCII.GetBytes(string.Join('\n', tips) + "\n"), cancellation);
        var (code, words) = await git.WaitForExit(cancellation);
        if (code != 0) throw StockPackReceiver.Rejection(words, code);
    }

    public async Task<IRefSession> BeginRefs(string repository, string? quarantine, CancellationToken cancellation)
    {
        var slot = await slots.Short.Enter(cancellation);
        try
        {
            var process = GitProcess.Start(
                GitEnvironment.Make(repository, quarantine, "update-ref", "--stdin", "-z"), clock);
            return new StockRefSession(process, process.Identify(_bootId), slot);
        }
        catch (GitException)
        {
            slot.Dispose();
            throw;
        }
    }

    public async Task<IReadOnlyList<GitRef>> ListRefs(string repository, CancellationToken cancellation)
    {
        if (RefFolder.TryList(repository) is { } plain) return plain;
        var start = GitEnvironment.Make(repository, null, "for-each-ref", "--format=%(objectname) %(refname)");
        var text = await Run(start, cancellation);
        var refs = new List<GitRef>();
        foreach (var line in text.AsSpan().EnumerateLines())
            if (line.Length > 41) refs.Add(new GitRef(line[41..].ToString(), line[..40].ToString()));
        return refs;
    }

    public async Task<string?> ReadHead(string repository, CancellationToken cancellation)
    {
        try
        {
            var text = await File.ReadAllTextAsync(Path.Combine(repository, "HEAD"), cancellation);
            return text.StartsWith("ref: ", StringComparison.Ordinal) ? text[5..].TrimEnd('\n') : null;
        }
        catch (IOException) { return null; } // Unreadable is what null says; the caller's checksum then differs.
    }

    public Task SetHead(string repository, string branch, CancellationToken cancellation) =>
        Run(GitEnvironment.Make(repository, null, "symbolic-ref", "HEAD", branch), cancellation);

    public async Task Mirror(
        string repository, MirrorSource source, Func<GitChild, Task> started, CancellationToken cancellation)
    {
        string[] way = source.Way is MirrorWay.Atomic ? ["--atomic"] : [];
        var (address, resolved) = await MirrorTls.AddressOf(source, cancellation);
        var start = GitEnvironment.Make(
            repository, null,
            ["fetch", "--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", .. way,
                address.AbsoluteUri, "+refs/*:refs/*"]);
        GitEnvironment.Configure(start, "http.extraHeader", $"Authorization: Bearer {source.Token}");
        MirrorTls.Configure(start, address, resolved, credentials);
        GitEnvironment.Configure(start, "http.extraHeader", $"Aedile-Version: {source.Wanted}");
        GitEnvironment.Configure(start, "protocol.version", "2");
        GitEnvironment.DieWithAgent(start);
        Process process;
        try { process = await spawn.Start(start); }
        catch (System.ComponentModel.Win32Exception e) { throw new GitException($"setpriv: {e.Message}", e); }
        await using var git = GitProcess.Adopt(process, clock);
        await started(git.Identify(_bootId));
        var (code, words) = await git.WaitForExit(cancellation);
        if (code != 0) throw new GitException($"git fetch ended with {code}: {words}");
    }

    public async Task WaitUntilGone(GitChild child, CancellationToken cancellation)
    {
        if (child.BootId != _bootId) return;
        var begun = clock.GetTimestamp();
        var isKilled = false;
        while (MachineBoot.ReadStartTicks(child.Pid) == child.StartTicks)
        {
            if (clock.GetElapsedTime(begun) > 2 * OldChildGrace)
                throw new GitException($"git child {child.Pid} of an earlier run can't be killed.");
            if (!isKilled && clock.GetElapsedTime(begun) > OldChildGrace)
            {
                isKilled = true;
                log.OldChildKilled(child.Pid);
                PosixSignals.SendKill(child.Pid);
            }
            await Task.Delay(OldChildPoll, clock, cancellation);
        }
    }

    private async Task<string> Run(ProcessStartInfo start, CancellationToken cancellation)
    {
        using var slot = await slots.Short.Enter(cancellation);
        await using var git = GitProcess.Start(start, clock);
        git.CloseInput();
        using var reader = new StreamReader(git.Output, new UTF8Encoding(false));
        var text = await reader.ReadToEndAsync(cancellation);
        var (code, words) = await git.WaitForExit(cancellation);
        return code == 0 ? text : throw new GitException($"git {start.ArgumentList[0]} ended with {code}: {words}");
    }
}
