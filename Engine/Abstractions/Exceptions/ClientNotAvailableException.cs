namespace Orleans.Runtime;

/// <summary>
/// An observer can't be called: its process is gone or connected to no silo, or the object itself is gone. It was not
/// called.
/// </summary>
public sealed class ClientNotAvailableException : OrleansException
{
    internal ClientNotAvailableException(string message)
        : base(message)
    {
    }

    internal ClientNotAvailableException(string message, Exception? innerException)
        : base(message, innerException!)
    {
    }
}
