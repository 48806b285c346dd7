using System.Data;
using System.Data.Common;

namespace Aedile.Engine.Storage;

/// <summary>The parameters of one statement, whether it is sent alone or in a batch.</summary>
internal readonly struct StateParameters(DbParameterCollection parameters, Func<DbParameter> create)
{
    public static StateParameters Of(DbCommand command) => new(command.Parameters, command.CreateParameter);

    public static StateParameters Of(DbBatchCommand command) => new(command.Parameters, command.CreateParameter);

    /// <summary>Adds one. The type is said, so that a value and no value make the same prepared statement.</summary>
    public void Add(string name, DbType type, object? value)
    {
        var parameter = create();
        parameter.ParameterName = name;
        parameter.DbType = type;
        parameter.Value = value ?? DBNull.Value;
        parameters.Add(parameter);
    }
}
