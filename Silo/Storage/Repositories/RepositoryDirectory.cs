using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Data.Common;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Storage.Repositories;

/// <summary>
/// Which repositories there are. Names that were looked up once are answered from memory, so routing goes on while the
/// database is away; a deletion takes its name out first.
/// </summary>
internal sealed class RepositoryDirectory(SiloDatabase database, TimeProvider clock)
{
    // Another silo may have deleted the name, and created another repository with it.
    private static readonly TimeSpan SharedNameAge = TimeSpan.FromSeconds(1);

    private readonly string _insert = Read(database, "insert_repository");
    private readonly string _insertNode = Read(database, "insert_repository_node");
    private readonly string _insertRequest = Read(database, "insert_repository_request");
    private readonly string _getRequest = Read(database, "get_repository_request");
    private readonly string _deleteRequests = Read(database, "delete_old_repository_requests");
    private readonly string _get = Read(database, "get_repository");
    private readonly string _find = Read(database, "find_repository");
    private readonly string _list = Read(database, "list_repositories");
    private readonly string _listUnsettled = Read(database, "list_unsettled_repositories");
    private readonly string _listOfNode = Read(database, "list_repositories_of_node");
    private readonly string _listIds = Read(database, "list_repository_ids");
    private readonly string _activate = Read(database, "activate_repository");
    private readonly string _release = Read(database, "release_repository");
    private readonly string _delete = Read(database, "delete_repository");

    private readonly ConcurrentDictionary<(string VirtualStorage, RepositoryPath Path), KnownName> _names = new();

    /// <summary>Writes the intent to create, durably, and with it what the client's key stands for, if it gave one.
    /// </summary>
    /// <returns>Whether the path was free and the key new; if not, nothing was written.</returns>
    public async Task<bool> TryAdd(RepositoryRecord record, CreationRequest? request = null)
    {
        await using var connection = await database.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        if (request is not null)
        {
            await using var insert = connection.Prepare(
                _insertRequest, ("@key", request.Key), ("@repositoryId", record.Id.Value),
                ("@content", request.Content), ("@createdAt", record.CreatedAt.ToUniversalTime()));
            if (await insert.ExecuteNonQueryAsync() == 0) return false;
        }
        await using (var insert = connection.Prepare(
            _insert, ("@id", record.Id.Value), ("@virtualStorage", record.VirtualStorage),
            ("@path", record.Path.Value), ("@defaultBranch", record.DefaultBranch),
            ("@createdAt", record.CreatedAt.ToUniversalTime())))
        {
            if (await insert.ExecuteNonQueryAsync() == 0) return false;
        }
        foreach (var (ordinal, node) in record.Nodes.Index())
        {
            await using var insert = connection.Prepare(
                _insertNode, ("@repositoryId", record.Id.Value), ("@ordinal", ordinal), ("@node", node.Value));
            await insert.ExecuteNonQueryAsync();
        }
        await transaction.CommitAsync();
        return true;
    }

    /// <summary>What a client's key stands for; null when it is new.</summary>
    public async Task<KnownRequest?> FindRequest(string key) => (await database.Query(
        _getRequest, row => new KnownRequest(RepositoryId.Parse(row.GetString(0)), row.GetString(1)),
        ("@key", key))).FirstOrDefault();

    /// <summary>Forgets the keys of requests before a time.</summary>
    public async Task ForgetRequests(DateTimeOffset before)
    {
        await using var connection = await database.Open();
        await using var command = connection.Prepare(_deleteRequests, ("@before", before.ToUniversalTime()));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The repository with this id; null when there is none.</summary>
    public async Task<RepositoryRecord?> Get(RepositoryId id) =>
        (await database.Query(_get, ReadRecord, ("@id", id.Value))).FirstOrDefault();

    /// <summary>
    /// The id behind a name; null when there is none, or it is being deleted. Cost: none once it is known, with a
    /// database of this silo's own; a query a second for each name with a shared one.
    /// </summary>
    public async ValueTask<RepositoryId?> Find(string virtualStorage, RepositoryPath path)
    {
        var isKnown = _names.TryGetValue((virtualStorage, path), out var known);
        if (isKnown && (!database.IsShared || clock.GetElapsedTime(known.At) < SharedNameAge)) return known.Id;
        try
        {
            return await Look(virtualStorage, path);
        }
        catch (DbException) when (isKnown)
        {
            return known.Id; // An old answer is right nearly always, and its coordinator knows better.
        }
    }

    /// <summary>A page of the repositories by name, those being deleted left out.</summary>
    public Task<ImmutableArray<RepositoryRecord>> List(string afterStorage, string afterPath, int limit) =>
        database.Query(
            _list, ReadRecord, ("@virtualStorage", afterStorage), ("@path", afterPath), ("@limit", limit));

    /// <summary>A page of the creations and deletions that are not finished, by id.</summary>
    public Task<ImmutableArray<RepositoryId>> ListUnsettled(RepositoryId after, int limit) =>
        database.Query(_listUnsettled, ReadId, ("@after", after.Value), ("@limit", limit));

    /// <summary>A page of the repositories with a replica on the node, by id, those being deleted included.</summary>
    public Task<ImmutableArray<RepositoryId>> ListOfNode(NodeName node, RepositoryId after, int limit) =>
        database.Query(_listOfNode, ReadId, ("@node", node.Value), ("@after", after.Value), ("@limit", limit));

    /// <summary>A page of all repositories, by id.</summary>
    public Task<ImmutableArray<RepositoryId>> ListIds(RepositoryId after, int limit) =>
        database.Query(_listIds, ReadId, ("@after", after.Value), ("@limit", limit));

    /// <summary>A creation is finished. Idempotent; a deletion that came between wins.</summary>
    public Task Activate(RepositoryId id) => Execute(_activate, id);

    /// <summary>Writes the intent to delete, durably: the path is free from here on. Idempotent.</summary>
    public async Task Release(RepositoryRecord record)
    {
        await Execute(_release, record.Id);
        _names.TryRemove((record.VirtualStorage, record.Path), out _);
    }

    /// <summary>Forgets a repository being deleted. Idempotent.</summary>
    public Task Forget(RepositoryId id) => Execute(_delete, id);

    private static string Read(SiloDatabase database, string name) => database.Sql("Repositories/" + name);

    private async Task<RepositoryId?> Look(string virtualStorage, RepositoryPath path)
    {
        var name = (virtualStorage, path);
        var at = clock.GetTimestamp();
        var ids = await database.Query(_find, ReadId, ("@virtualStorage", virtualStorage), ("@path", path.Value));
        if (ids is not [var id])
        {
            _names.TryRemove(name, out _);
            return null;
        }

        _names[name] = new KnownName(id, at);
        // A deletion between the query and the line above would have found nothing to take out.
        if (await Get(id) is { State: not RepositoryRecordState.Deleting }) return id;
        _names.TryRemove(new(name, new KnownName(id, at)));
        return null;
    }

    private async Task Execute(string sql, RepositoryId id)
    {
        await using var connection = await database.Open();
        await using var command = connection.Prepare(sql, ("@id", id.Value));
        await command.ExecuteNonQueryAsync();
    }

    private static RepositoryId ReadId(DbDataReader row) => RepositoryId.Parse(row.GetString(0));

    private static RepositoryRecord ReadRecord(DbDataReader row) => new(
        RepositoryId.Parse(row.GetString(0)), row.GetString(1), RepositoryPath.Parse(row.GetString(2)),
        row.GetString(3), row.GetFieldValue<DateTimeOffset>(4),
        [.. row.GetString(6).Split(',').Select(name => NodeName.Parse(name))],
        Enum.Parse<RepositoryRecordState>(row.GetString(5), ignoreCase: true));

    private readonly record struct KnownName(RepositoryId Id, long At);
}
