using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Microsoft.Data.Sqlite;

namespace Aedile.Silo.Storage.Repositories;

/// <summary>
/// Which repositories there are. Names that were looked up once are answered from memory, so routing goes on while the
/// database is away; a deletion takes its name out first.
/// </summary>
internal sealed class RepositoryDirectory(SiloDatabase database)
{
    private static readonly string InsertSql = Read("insert_repository");
    private static readonly string InsertNodeSql = Read("insert_repository_node");
    private static readonly string GetSql = Read("get_repository");
    private static readonly string FindSql = Read("find_repository");
    private static readonly string ListSql = Read("list_repositories");
    private static readonly string UnsettledSql = Read("list_unsettled_repositories");
    private static readonly string OfNodeSql = Read("list_repositories_of_node");
    private static readonly string IdsSql = Read("list_repository_ids");
    private static readonly string ActivateSql = Read("activate_repository");
    private static readonly string ReleaseSql = Read("release_repository");
    private static readonly string DeleteSql = Read("delete_repository");

    private readonly ConcurrentDictionary<(string VirtualStorage, RepositoryPath Path), RepositoryId> _ids = new();

    /// <summary>Writes the intent to create, durably.</summary>
    /// <returns>Whether the path was free; if not, nothing was written.</returns>
    public bool TryAdd(RepositoryRecord record)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction(deferred: false);
        using (var insert = connection.Prepare(
            InsertSql, ("$id", record.Id.Value), ("$virtualStorage", record.VirtualStorage),
            ("$path", record.Path.Value), ("$defaultBranch", record.DefaultBranch),
            ("$createdAt", record.CreatedAt.ToString("O", CultureInfo.InvariantCulture))))
        {
            if (insert.ExecuteNonQuery() == 0) return false;
        }
        foreach (var (ordinal, node) in record.Nodes.Index())
        {
            using var insert = connection.Prepare(
                InsertNodeSql, ("$repositoryId", record.Id.Value), ("$ordinal", ordinal), ("$node", node.Value));
            insert.ExecuteNonQuery();
        }
        transaction.Commit();
        return true;
    }

    /// <summary>The repository with this id; null when there is none.</summary>
    public RepositoryRecord? Get(RepositoryId id) => Query(GetSql, ReadRecord, ("$id", id.Value)).FirstOrDefault();

    /// <summary>
    /// The id behind a name; null when there is none, or it is being deleted. Cost: none once it is known.
    /// </summary>
    public RepositoryId? Find(string virtualStorage, RepositoryPath path)
    {
        if (_ids.TryGetValue((virtualStorage, path), out var known)) return known;
        var ids = Query(FindSql, ReadId, ("$virtualStorage", virtualStorage), ("$path", path.Value));
        if (ids is not [var id]) return null;
        _ids[(virtualStorage, path)] = id;
        // A deletion between the query and the line above would have found nothing to take out.
        if (Get(id) is { State: not RepositoryRecordState.Deleting }) return id;
        _ids.TryRemove(new((virtualStorage, path), id));
        return null;
    }

    /// <summary>A page of the repositories by name, those being deleted left out.</summary>
    public ImmutableArray<RepositoryRecord> List(string afterStorage, string afterPath, int limit) => Query(
        ListSql, ReadRecord, ("$virtualStorage", afterStorage), ("$path", afterPath), ("$limit", limit));

    /// <summary>A page of the creations and deletions that are not finished, by id.</summary>
    public ImmutableArray<RepositoryId> ListUnsettled(RepositoryId after, int limit) =>
        Query(UnsettledSql, ReadId, ("$after", after.Value), ("$limit", limit));

    /// <summary>A page of the repositories with a replica on the node, by id, those being deleted included.</summary>
    public ImmutableArray<RepositoryId> ListOfNode(NodeName node, RepositoryId after, int limit) =>
        Query(OfNodeSql, ReadId, ("$node", node.Value), ("$after", after.Value), ("$limit", limit));

    /// <summary>A page of all repositories, by id.</summary>
    public ImmutableArray<RepositoryId> ListIds(RepositoryId after, int limit) =>
        Query(IdsSql, ReadId, ("$after", after.Value), ("$limit", limit));

    /// <summary>A creation is finished. Idempotent; a deletion that came between wins.</summary>
    public void Activate(RepositoryId id) => Execute(ActivateSql, id);

    /// <summary>Writes the intent to delete, durably: the path is free from here on. Idempotent.</summary>
    public void Release(RepositoryRecord record)
    {
        Execute(ReleaseSql, record.Id);
        _ids.TryRemove(new((record.VirtualStorage, record.Path), record.Id));
    }

    /// <summary>Forgets a repository being deleted. Idempotent.</summary>
    public void Forget(RepositoryId id) => Execute(DeleteSql, id);

    private static string Read(string name) => Statement.Read("Repositories/" + name);

    private void Execute(string sql, RepositoryId id)
    {
        using var connection = database.Open();
        using var command = connection.Prepare(sql, ("$id", id.Value));
        command.ExecuteNonQuery();
    }

    private ImmutableArray<T> Query<T>(
        string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string, object)> parameters)
    {
        using var connection = database.Open();
        using var command = connection.Prepare(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = ImmutableArray.CreateBuilder<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows.ToImmutable();
    }

    private static RepositoryId ReadId(SqliteDataReader row) => RepositoryId.Parse(row.GetString(0));

    private static RepositoryRecord ReadRecord(SqliteDataReader row) => new(
        RepositoryId.Parse(row.GetString(0)), row.GetString(1), RepositoryPath.Parse(row.GetString(2)),
        row.GetString(3), DateTimeOffset.Parse(row.GetString(4), CultureInfo.InvariantCulture),
        [.. row.GetString(6).Split(',').Select(name => NodeName.Parse(name))],
        Enum.Parse<RepositoryRecordState>(row.GetString(5), ignoreCase: true));
}
