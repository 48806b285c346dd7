using System.Text.Json;
using Orleans.Serialization;

namespace Aedile.Engine.Storage;

/// <summary>Grain state as UTF-8 JSON.</summary>
internal sealed class StateJson(SystemTextJsonGrainStorageSerializerOptions options)
{
    private readonly JsonSerializerOptions _json = options.JsonSerializerOptions;

    public byte[] Write<T>(T state) => JsonSerializer.SerializeToUtf8Bytes(state, _json);

    /// <exception cref="JsonException">The bytes are no JSON, or not of this state.</exception>
    public T Read<T>(ReadOnlySpan<byte> utf8) => JsonSerializer.Deserialize<T>(utf8, _json)
        ?? throw new JsonException($"The stored state is null, but {typeof(T)} is expected.");
}
