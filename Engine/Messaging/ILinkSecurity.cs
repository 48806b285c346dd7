using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Aedile.Engine.Messaging;

/// <summary>Makes a connection secure before the first frame, or leaves it as it is.</summary>
internal interface ILinkSecurity
{
    /// <exception cref="IOException">The other end is not trusted, or doesn't trust this one.</exception>
    ValueTask<IDuplexPipe> SecureDialled(ConnectionContext connection, IPEndPoint address, CancellationToken stop);

    /// <inheritdoc cref="SecureDialled"/>
    ValueTask<IDuplexPipe> SecureAccepted(ConnectionContext connection);
}

/// <summary>Links without encryption, for one machine or a network that is trusted.</summary>
internal sealed class PlainLinks : ILinkSecurity
{
    public ValueTask<IDuplexPipe> SecureDialled(
        ConnectionContext connection, IPEndPoint address, CancellationToken stop) => new(connection.Transport);

    public ValueTask<IDuplexPipe> SecureAccepted(ConnectionContext connection) => new(connection.Transport);
}
