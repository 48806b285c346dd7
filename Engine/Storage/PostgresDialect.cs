using System.Data.Common;
using System.Text;
using Orleans.Runtime;

namespace Aedile.Engine.Storage;

/// <summary>PostgreSQL, with the rows of the official ADO.NET provider, so that either engine finds them.</summary>
internal sealed class PostgresDialect : DatabaseDialect
{
    public override string Name => "postgres";

    // While one commit waits for the disk, the other fills its batch. More only share the same processors.
    public override int WriteLanes => 2;

    public override StateRow RowOf(string service, string state, GrainId grain) => new(
        service, state, grain, OfficialStateKey.HashOf(Encoding.UTF8.GetBytes(state)), OfficialStateKey.Of(grain));

    public override StateSession Use(DbConnection connection) => new PipelinedStateSession(connection, this);

    protected override async ValueTask<DbTransaction> BeginSchemaChange(
        DbConnection connection, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // CREATE ... IF NOT EXISTS of two transactions at once fails in one of them; this lock ends with the commit.
        await Execute(connection, transaction, SqlText.Of("Storage", "lock_schema", Name), cancellationToken);
        return transaction;
    }
}
