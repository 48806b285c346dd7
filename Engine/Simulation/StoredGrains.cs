using System.Globalization;
using Aedile.Engine.Storage;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Aedile.Engine.Simulation;

/// <summary>Grain state in the simulated database, with the rules of the production storage.</summary>
/// <param name="connection">The silo's way to the database.</param>
/// <param name="comparesVersions">False breaks the rule that a write is compare-and-set, to see that this is
/// noticed.</param>
internal sealed class StoredGrains(StoreConnection connection, bool comparesVersions = true) : IGrainStorage
{
    // Made once: the serializer keeps what it learns of a type with its options.
    private static readonly StateJson Json = new(new SystemTextJsonGrainStorageSerializerOptions());

    /// <summary>The name of a grain's row.</summary>
    public static string RowOf(string stateName, GrainId grain) => $"grain/{stateName}/{grain}";

    /// <summary>Reads a row.</summary>
    public static T Read<T>(StoredRow row) => Json.Read<T>((byte[])row.Content!);

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = await Run($"read {stateName} {grainId}", store => store[RowOf(stateName, grainId)]);
        if (row.Content is null)
        {
            FreshState.Reset(grainState, EtagOf(row.Version));
            return;
        }
        grainState.State = Read<T>(row);
        grainState.ETag = EtagOf(row.Version);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await Set(stateName, grainId, grainState.ETag, Json.Write(grainState.State));
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        FreshState.Reset(grainState, await Set(stateName, grainId, grainState.ETag, null));

    private static string? EtagOf(int version) =>
        version == 0 ? null : version.ToString(CultureInfo.InvariantCulture);

    private async Task<string?> Set(string stateName, GrainId grain, string? etag, byte[]? content)
    {
        var expected = etag is null ? 0 : int.Parse(etag, CultureInfo.InvariantCulture);
        var (isSet, version) = await Run($"write {stateName} {grain} after {expected}", store =>
        {
            var isSet = store.TrySet(RowOf(stateName, grain), comparesVersions ? expected : null, content);
            return (isSet, store[RowOf(stateName, grain)].Version);
        });
        return isSet
            ? EtagOf(version)
            : throw new InconsistentStateException(
                $"State {stateName} of {grain} was written by somebody else.", EtagOf(version), etag);
    }

    private async Task<T> Run<T>(string what, Func<SimulatedStore, T> statement)
    {
        try
        {
            return await connection.Run(what, statement);
        }
        catch (StoreException error)
        {
            throw new OrleansException($"The database could not {what}.", error);
        }
    }
}
