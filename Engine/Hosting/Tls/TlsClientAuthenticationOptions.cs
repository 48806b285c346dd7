namespace Orleans.Connections.Security;

/// <summary>What the end that connects may set for one connection.</summary>
public class TlsClientAuthenticationOptions
{
    /// <summary>The name that the other end's certificate must be for. Empty: any name, which the machine's rules
    /// refuse; use a validator then.</summary>
    public string? TargetHost { get; set; }
}
