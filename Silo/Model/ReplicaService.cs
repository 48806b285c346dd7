namespace Aedile.Silo.Model;

/// <summary>Runs <see cref="ReplicaSync"/> with the host.</summary>
internal sealed class ReplicaService(ReplicaSync sync) : BackgroundService
{
    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await sync.Load(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => sync.Run(stoppingToken);
}
