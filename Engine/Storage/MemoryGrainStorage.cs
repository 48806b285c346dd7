using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Aedile.Engine.Storage;

/// <summary>Grain state in memory, with the same rules as a database: it holds bytes, never objects.</summary>
internal sealed class MemoryGrainStorage(StateJson json) : IGrainStorage
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string StateName, GrainId Grain), Row> _rows = [];

    public static MemoryGrainStorage Create(IServiceProvider services, string name) =>
        new(new StateJson(services.GetRequiredService<IOptions<SystemTextJsonGrainStorageSerializerOptions>>().Value));

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Row? row;
        lock (_lock) row = _rows.GetValueOrDefault((stateName, grainId));
        if (row?.Payload is not { } payload)
        {
            FreshState.Reset(grainState, row?.Etag);
            return Task.CompletedTask;
        }

        grainState.State = json.Read<T>(payload);
        grainState.ETag = row.Etag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = Replace(stateName, grainId, grainState.ETag, json.Write(grainState.State));
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        // Without a record there is nothing to clear, but a version that appeared since the read must not be lost.
        FreshState.Reset(grainState, Replace(stateName, grainId, grainState.ETag, null));
        return Task.CompletedTask;
    }

    private string Replace(string stateName, GrainId grainId, string? expected, byte[]? payload)
    {
        lock (_lock)
        {
            var current = _rows.GetValueOrDefault((stateName, grainId));
            if (current?.Etag != expected)
            {
                throw new InconsistentStateException(
                    $"State {stateName} of {grainId} was written by somebody else.", current?.Etag, expected);
            }

            var row = new Row((current?.Version ?? 0) + 1, payload);
            _rows[(stateName, grainId)] = row;
            return row.Etag;
        }
    }

    private sealed record Row(int Version, byte[]? Payload)
    {
        public string Etag => Version.ToString(CultureInfo.InvariantCulture);
    }
}
