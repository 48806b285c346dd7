namespace Aedile.Silo.Gateway.Repositories;

/// <summary>A git client sent what the protocol doesn't allow, or more than a limit. Nothing was changed.</summary>
/// <param name="status">The HTTP status to answer with.</param>
/// <param name="message">What is wrong, for people.</param>
internal sealed class GitProtocolException(int status, string message) : Exception(message)
{
    /// <summary>The HTTP status to answer with.</summary>
    public int Status { get; } = status;

    /// <summary>The bytes are malformed.</summary>
    public static GitProtocolException Malformed(string detail) =>
        new(StatusCodes.Status400BadRequest, "malformed request: " + detail);

    /// <summary>The request exceeds a limit.</summary>
    public static GitProtocolException TooLarge(string detail) =>
        new(StatusCodes.Status413PayloadTooLarge, "request too large: " + detail);

    /// <summary>The client let too long pass.</summary>
    public static GitProtocolException TooSlow(TimeSpan limit) =>
        new(StatusCodes.Status408RequestTimeout, $"nothing more came for {limit}");
}
