namespace Aedile.Engine.Messaging;

/// <summary>What a link takes before it gives up, so that no peer can exhaust memory.</summary>
internal sealed record LinkLimits
{
    /// <summary>What may stand before the values of a message, in bytes: names, context, callers.</summary>
    public const int EnvelopeBytes = 1024 * 1024;

    /// <summary>The longest frame, in bytes. Default 101 MiB: the largest message and what stands before it.</summary>
    public int FrameBytes { get; init; } = 101 * 1024 * 1024;

    /// <summary>
    /// The longest first frame, in bytes: a stranger can't make a silo keep more. Default 4 KiB, several times what
    /// a greeting needs.
    /// </summary>
    public int FirstFrameBytes { get; init; } = 4 * 1024;

    /// <summary>How many bytes may be queued before <see cref="ILink.WhenWritable"/> waits. Default 1 MiB.</summary>
    public int QueuedBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// How many queued bytes end the link: the other end doesn't read. Default 512 MiB; a few of the longest frames.
    /// </summary>
    public int QueuedBytesMax { get; init; } = 512 * 1024 * 1024;

    /// <summary>How long a closed link may take to send what is queued. Default 2 s.</summary>
    public TimeSpan Closing { get; init; } = TimeSpan.FromSeconds(2);
}
