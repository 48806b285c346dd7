namespace Orleans.Configuration;

/// <summary>Limits of calls.</summary>
public abstract class MessagingOptions
{
    /// <summary>
    /// How long a caller waits for an answer before it gets a <see cref="TimeoutException"/>. Default 30 s.
    /// </summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest serialized arguments or result, in bytes. Default 100 MiB.</summary>
    public int MaxMessageBodySize { get; set; } = 100 * 1024 * 1024;
}
