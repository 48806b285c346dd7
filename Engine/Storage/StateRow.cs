using System.Data.Common;
using System.Text;
using Aedile.Engine.Identity;
using Orleans.Runtime;

namespace Aedile.Engine.Storage;

/// <summary>Which row holds a grain's state.</summary>
internal sealed record StateRow(string Service, string State, GrainId Grain)
{
    /// <summary>Adds the parameters that every statement has.</summary>
    public void AddTo(DbCommand command)
    {
        Add(command, "@id_hash", (long)Grain.Key.GetUniformHashCode());
        Add(command, "@type_hash", (long)StableHash.Of(Encoding.UTF8.GetBytes(State)));
        Add(command, "@state", State);
        Add(command, "@key", Grain.Key.ToString());
        Add(command, "@service", Service);
    }

    public static void Add(DbCommand command, string name, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
    }

    public override string ToString() => $"state {State} of {Grain}";
}
