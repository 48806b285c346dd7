namespace Aedile.Dashboard.SignIn;

/// <summary>The viewer may not see or do this. Ports throw it; pages say so in its place.</summary>
/// <param name="message">What is missing, for people.</param>
public sealed class NotPermittedException(string message) : Exception(message)
{
    /// <summary>A permission is missing.</summary>
    public static NotPermittedException Lacks(string kind, string verb) =>
        new($"This needs the permission '{kind}:{verb}'.");
}
