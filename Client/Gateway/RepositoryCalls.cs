using System.Globalization;
using System.Runtime.CompilerServices;
using Aedile.Client.Repositories;

namespace Aedile.Client.Gateway;

/// <summary>Repositories: <c>/v1/repositories</c>.</summary>
public sealed class RepositoryCalls
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly GatewayConnection _gateway;

    internal RepositoryCalls(GatewayConnection gateway) => _gateway = gateway;

    /// <summary>All repositories, by virtual storage and path.</summary>
    /// <param name="pageSize">How many come with one request, 1 to 1,000.</param>
    /// <param name="cancellation">Ends it.</param>
    public async IAsyncEnumerable<RepositoryResource> List(
        int pageSize = 100, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? cursor = null;
        do
        {
            string[] query = cursor is null ? [] : ["cursor=" + Uri.EscapeDataString(cursor)];
            var page = await _gateway.Call<Page<RepositoryResource>>(
                GatewayRequest.Read("/v1/repositories", query.Prepend(
                    string.Create(CultureInfo.InvariantCulture, $"limit={pageSize}"))), cancellation);
            foreach (var repository in page.Items) yield return repository;
            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }

    /// <summary>A repository.</summary>
    /// <exception cref="ProblemException"><c>repository-not-found</c>, among others.</exception>
    public Task<RepositoryResource> Get(RepositoryId id, CancellationToken cancellation = default) =>
        _gateway.Call<RepositoryResource>(GatewayRequest.Read(At(id)), cancellation);

    /// <summary>The repository of a name; null when there is none.</summary>
    /// <param name="name">Its virtual storage and path, as in <c>default/team/project</c>.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ProblemException">The name is none, among others.</exception>
    public async Task<RepositoryResource?> Find(string name, CancellationToken cancellation = default)
    {
        var page = await _gateway.Call<Page<RepositoryResource>>(
            GatewayRequest.Read("/v1/repositories", ["name=" + Uri.EscapeDataString(name)]), cancellation);
        return page.Items.SingleOrDefault();
    }

    /// <summary>
    /// Makes a repository. Its state is <c>creating</c> while not enough nodes have it:
    /// <see cref="WaitUntilCreated"/>.
    /// </summary>
    /// <param name="request">Where, and with which default branch.</param>
    /// <param name="key">The caller's idempotency key, if the whole call may be repeated; null: a new one.</param>
    /// <param name="cancellation">Ends the wait; it may be made.</param>
    public Task<RepositoryResource> Create(
        CreateRepositoryRequest request, string? key = null, CancellationToken cancellation = default) =>
        _gateway.Call<RepositoryResource>(
            GatewayRequest.Once(HttpMethod.Post, "/v1/repositories", request, key), cancellation);

    /// <summary>Waits until a repository takes pushes: it is made, and has a primary.</summary>
    /// <param name="id">Which.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<RepositoryResource> WaitUntilCreated(RepositoryId id, CancellationToken cancellation)
    {
        while (true)
        {
            var repository = await Get(id, cancellation);
            if (repository is { State: not "creating", Primary: not null }) return repository;
            await Task.Delay(Pause, _gateway.Clock, cancellation);
        }
    }

    /// <summary>Gives a repository up for good, with all its replicas.</summary>
    public Task Delete(RepositoryId id, CancellationToken cancellation = default) =>
        _gateway.Do(GatewayRequest.Act(HttpMethod.Delete, At(id)), cancellation);

    /// <summary>Gives up the newest writes, which no replica holds, so that those before them are served.</summary>
    public Task<RepositoryResource> AcceptDataLoss(RepositoryId id, CancellationToken cancellation = default) =>
        _gateway.Call<RepositoryResource>(
            GatewayRequest.Act(HttpMethod.Post, At(id) + "/accept-data-loss"), cancellation);

    /// <summary>How a push ended.</summary>
    public Task<TransactionResource> GetTransaction(
        RepositoryId id, TransactionId transaction, CancellationToken cancellation = default) =>
        _gateway.Call<TransactionResource>(
            GatewayRequest.Read($"{At(id)}/transactions/{transaction}"), cancellation);

    private static string At(RepositoryId id) => $"/v1/repositories/{id}";
}
