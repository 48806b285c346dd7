namespace Orleans.Configuration;

/// <summary>Limits of calls that a client makes.</summary>
public class ClientMessagingOptions : MessagingOptions;
