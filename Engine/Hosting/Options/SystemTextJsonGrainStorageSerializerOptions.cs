using System.Text.Json;

namespace Orleans.Serialization;

/// <summary>How grain state is written as JSON.</summary>
public sealed class SystemTextJsonGrainStorageSerializerOptions
{
    /// <summary>Add converters here, for instance those of ids. Fixed once the first state was written.</summary>
    public JsonSerializerOptions JsonSerializerOptions { get; } = new(JsonSerializerDefaults.General);
}
