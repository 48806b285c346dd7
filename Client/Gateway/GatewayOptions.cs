using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace Aedile.Client.Gateway;

/// <summary>Where a client finds its fleet.</summary>
/// <param name="Gateways">Whom it asks; of this client alone, for it learns who answers.</param>
public sealed record GatewayOptions(IGateways Gateways)
{
    /// <summary>A client of gateways that stay the same.</summary>
    /// <param name="addresses">Base addresses, at least one; asked in this order until one answers.</param>
    public GatewayOptions(ImmutableArray<Uri> addresses)
        : this(new GatewayRotation(addresses))
    {
    }

    /// <summary>
    /// How long a request that may be repeated is repeated while no gateway takes it; each is asked once at least.
    /// Default 10 s: a silo that restarts is back by then.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one gateway may take for one answer. Default 40 s: writes wait for 15 s themselves.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How long a feed may be silent before its gateway is given up. They speak every 10 s.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may take to open. Default 3 s: a machine that is gone answers nothing.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whose certificates gateways must show, as in <c>ca.pem</c>; null: the machine's list.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>
    /// What gateways are shown, with its key; null for nothing. Only a login by certificate needs it. The caller
    /// disposes it.
    /// </summary>
    public X509Certificate2? Certificate { get; init; }
}
