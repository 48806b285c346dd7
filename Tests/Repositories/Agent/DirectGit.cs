using System.IO.Pipelines;
using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>Stock git, but a mirror reads the source's folder: repairs over HTTP are tried with real agents.</summary>
internal sealed class DirectGit(StockGit git, Func<string?> source) : IGit
{
    public Task InitBare(string repository, string defaultBranch, CancellationToken cancellation) =>
        git.InitBare(repository, defaultBranch, cancellation);

    public Task<StageReply> ReceivePack(
        string repository, string quarantine, PipeReader pack, long sizeMax, CancellationToken cancellation) =>
        git.ReceivePack(repository, quarantine, pack, sizeMax, cancellation);

    public Task CheckConnectivity(
        string repository, string? quarantine, IReadOnlyCollection<string> tips, CancellationToken cancellation) =>
        git.CheckConnectivity(repository, quarantine, tips, cancellation);

    public Task<IRefSession> BeginRefs(string repository, string? quarantine, CancellationToken cancellation) =>
        git.BeginRefs(repository, quarantine, cancellation);

    public Task<IReadOnlyList<GitRef>> ListRefs(string repository, CancellationToken cancellation) =>
        git.ListRefs(repository, cancellation);

    public Task<string?> ReadHead(string repository, CancellationToken cancellation) =>
        git.ReadHead(repository, cancellation);

    public Task SetHead(string repository, string branch, CancellationToken cancellation) =>
        git.SetHead(repository, branch, cancellation);

    public Task Mirror(
        string repository, MirrorSource wanted, Func<GitChild, Task> started, CancellationToken cancellation) =>
        git.Mirror(
            repository,
            source() is { } folder ? wanted with { Repository = new Uri("file://" + folder) } : wanted,
            started,
            cancellation);

    public Task WaitUntilGone(GitChild child, CancellationToken cancellation) => git.WaitUntilGone(child, cancellation);
}
