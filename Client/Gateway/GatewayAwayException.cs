namespace Aedile.Client.Gateway;

/// <summary>No gateway answered.</summary>
/// <param name="message">Which were asked, and what happened.</param>
/// <param name="mayBeDone">
/// Whether the request may have had its effect: it was sent, its answer was lost, and it can't be sent twice.
/// </param>
/// <param name="inner">What the last one failed with.</param>
public sealed class GatewayAwayException(string message, bool mayBeDone, Exception? inner) : Exception(message, inner)
{
    /// <summary>Whether the request may have had its effect.</summary>
    public bool MayBeDone => mayBeDone;
}
