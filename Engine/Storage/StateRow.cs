using System.Data;
using Orleans.Runtime;

namespace Aedile.Engine.Storage;

/// <summary>Which row holds a grain's state.</summary>
/// <param name="Service">The service that the fleet is one cluster of.</param>
/// <param name="State">Name of the state.</param>
/// <param name="Grain">Whose state it is.</param>
/// <param name="StateHash">Hash of the state's name; with that of the key it narrows the search.</param>
/// <param name="Key">The grain's key in columns.</param>
internal sealed record StateRow(string Service, string State, GrainId Grain, long StateHash, StateKey Key)
{
    /// <summary>Adds the parameters that every statement may use.</summary>
    public void AddTo(StateParameters parameters)
    {
        parameters.Add("@id_hash", DbType.Int64, Key.Hash);
        parameters.Add("@type_hash", DbType.Int64, StateHash);
        parameters.Add("@n0", DbType.Int64, Key.N0);
        parameters.Add("@n1", DbType.Int64, Key.N1);
        parameters.Add("@state", DbType.String, State);
        parameters.Add("@key", DbType.String, Key.Text);
        parameters.Add("@service", DbType.String, Service);
    }

    public override string ToString() => $"state {State} of {Grain}";
}
