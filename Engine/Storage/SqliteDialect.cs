using System.Data.Common;
using System.Text;
using Aedile.Engine.Identity;
using Orleans.Runtime;

namespace Aedile.Engine.Storage;

/// <summary>SQLite: one writer at a time, so that starting a transaction is the lock.</summary>
internal sealed class SqliteDialect : DatabaseDialect
{
    public override string Name => "sqlite";

    public override int WriteLanes => 1;

    // The key is text, so that 1f and 1F stay apart. There is no official provider to agree with.
    public override StateRow RowOf(string service, string state, GrainId grain) => new(
        service, state, grain, StableHash.Of(Encoding.UTF8.GetBytes(state)),
        new StateKey(grain.Key.GetUniformHashCode(), 0, 0, grain.Key.ToString()));

    public override StateSession Use(DbConnection connection) => new SequentialStateSession(connection, this);

    // The provider begins transactions as IMMEDIATE: a second silo waits here until the first has committed.
    protected override ValueTask<DbTransaction> BeginSchemaChange(
        DbConnection connection, CancellationToken cancellationToken) =>
        connection.BeginTransactionAsync(cancellationToken);
}
