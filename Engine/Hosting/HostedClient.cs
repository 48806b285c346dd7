using Aedile.Engine.Client;
using Microsoft.Extensions.Hosting;

namespace Aedile.Engine.Hosting;

/// <summary>Starts and stops the client with its host.</summary>
internal sealed class HostedClient(ClusterClient client) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => client.Start(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => client.Stop(cancellationToken);
}
