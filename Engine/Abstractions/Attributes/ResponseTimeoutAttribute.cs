using System.Globalization;

namespace Orleans;

/// <summary>How long a caller waits for the answer, as <c>hh:mm:ss</c>, instead of the silo-wide 30 s.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Interface)]
public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
{
    public TimeSpan? Timeout { get; set; } = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture);
}
