using Aedile.Engine.Runtime;
using Microsoft.Extensions.Hosting;

namespace Aedile.Engine.Hosting;

/// <summary>Starts and stops the silo with its host.</summary>
internal sealed class HostedSilo(Silo silo) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => silo.Start(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => silo.Stop(cancellationToken);
}
