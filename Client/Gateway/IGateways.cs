using System.Collections.Immutable;

namespace Aedile.Client.Gateway;

/// <summary>The gateways that a client may ask, and which of them first. Thread-safe.</summary>
public interface IGateways
{
    /// <summary>Base addresses of all, at least one, in the order in which they are asked.</summary>
    ImmutableArray<Uri> InOrder { get; }

    /// <summary>One has answered.</summary>
    void Answered(Uri gateway);

    /// <summary>The next request should go to another one first.</summary>
    void TurnAway();
}
