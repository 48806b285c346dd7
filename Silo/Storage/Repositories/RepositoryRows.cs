using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Storage.Repositories;

/// <summary>The definitions of repositories that earlier builds kept as rows of their own.</summary>
internal sealed class RepositoryRows(SiloDatabase database)
{
    private readonly string _list = database.Sql("Repositories/list_repository_rows");
    private readonly string _listNodes = database.Sql("Repositories/list_repository_node_rows");
    private readonly string _delete = database.Sql("Repositories/delete_repository_row");

    /// <summary>All that are left.</summary>
    public async Task<ImmutableArray<(RepositoryId Id, RepositorySpec Spec)>> List()
    {
        var nodes = (await database.Query(
                _listNodes, row => (Repository: row.GetString(0), Node: NodeName.Parse(row.GetString(1)))))
            .ToLookup(row => row.Repository, row => row.Node);
        return await database.Query(_list, row => (
            RepositoryId.Parse(row.GetString(0)),
            new RepositorySpec(
                EntityId.Parse(row.GetString(1)), RepositoryPath.Parse(row.GetString(2)), row.GetString(3),
                [.. nodes[row.GetString(0)]], Enum.Parse<RepositoryStage>(row.GetString(4), ignoreCase: true))));
    }

    /// <summary>One is in the model.</summary>
    public async Task Forget(RepositoryId id)
    {
        await using var connection = await database.Open();
        await using var command = connection.Prepare(_delete, ("@id", id.Value));
        await command.ExecuteNonQueryAsync();
    }
}
