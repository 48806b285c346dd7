using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aedile.Client;

/// <summary>The one set of JSON rules for everything Aedile sends: camel case, unknown members refused.</summary>
public static class Wire
{
    /// <summary>Rules for REST, session and storage messages.</summary>
    public static JsonSerializerOptions Json { get; } = Make(JsonUnmappedMemberHandling.Disallow);

    /// <summary>
    /// The same for who reads answers: members that only a newer silo knows are passed over, for its clients can't all
    /// be replaced on the same day.
    /// </summary>
    public static JsonSerializerOptions Answers { get; } = Make(JsonUnmappedMemberHandling.Skip);

    /// <summary>Sets the same rules on options that a framework owns.</summary>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.Never;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }

    private static JsonSerializerOptions Make(JsonUnmappedMemberHandling unknown)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Apply(options);
        options.UnmappedMemberHandling = unknown;
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
