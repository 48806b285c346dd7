namespace Orleans.Configuration;

/// <summary>Limits of calls that a silo makes and serves.</summary>
public class SiloMessagingOptions : MessagingOptions;
