namespace Orleans.Runtime;

/// <summary>The silo that should serve the call is gone or stops. A call in flight may have taken effect.</summary>
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    public SiloUnavailableException()
        : base("The silo is not available.")
    {
    }

    public SiloUnavailableException(string msg)
        : base(msg)
    {
    }

    public SiloUnavailableException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
