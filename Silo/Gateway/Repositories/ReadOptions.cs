using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Bound from <c>Repositories:Read</c>; checked at start.</summary>
public sealed class ReadOptions
{
    /// <summary>Most bytes of a fetch's request, unpacked. Default 32 MiB: wants for 600,000 refs.</summary>
    [Range(65_536, 1 << 30)]
    public int RequestBytesMax { get; set; } = 32 << 20;

    /// <summary>How long replicas are tried until one begins to answer. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan FirstByteLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often the route is asked for anew when no replica of it could answer. Default 3.</summary>
    [Range(1, 100)]
    public int RoutesMax { get; set; } = 3;

    /// <summary>
    /// How long the coordinator may take to say the route before the last known one is used. Default 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan RouteLimit { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a node may send nothing in the middle of an answer once its session has ended; up to twice as long
    /// until it is noticed. Default 5 s: git upload-pack says something every 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Generated check of <see cref="ReadOptions"/>.</summary>
[OptionsValidator]
public sealed partial class ReadOptionsValidator : IValidateOptions<ReadOptions>;
