namespace Orleans.Runtime;

/// <summary>
/// The grain doesn't know an enumeration any more: it was deactivated since, or nobody asked for so long that it gave
/// up. What was yielded before is right; the rest is not known.
/// </summary>
public sealed class EnumerationAbortedException : Exception
{
    public EnumerationAbortedException()
        : base("The enumeration was aborted.")
    {
    }

    public EnumerationAbortedException(string message)
        : base(message)
    {
    }

    public EnumerationAbortedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
