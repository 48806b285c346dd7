namespace Orleans.Hosting;

/// <summary>How grain state becomes JSON.</summary>
public static class SystemTextJsonSerializerExtensions
{
    /// <summary>Stores state as UTF-8 JSON of System.Text.Json. This engine knows no other form.</summary>
    public static ISiloBuilder UseSystemTextJsonGrainStorageSerializer(this ISiloBuilder siloBuilder) => siloBuilder;
}
