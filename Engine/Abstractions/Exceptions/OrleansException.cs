namespace Orleans.Runtime;

/// <summary>Base of what the runtime itself throws.</summary>
public class OrleansException : Exception
{
    public OrleansException()
        : base("The grain runtime failed.")
    {
    }

    public OrleansException(string message)
        : base(message)
    {
    }

    public OrleansException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
