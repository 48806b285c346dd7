using Aedile.Engine.Runtime;

namespace Aedile.Engine.Hosting;

/// <summary>A start-up task as a part of the silo.</summary>
internal sealed class StartupTask(
    IServiceProvider services, Func<IServiceProvider, CancellationToken, Task> execute, int stage) : ISiloPart
{
    public int Stage => stage;

    public Task Start(CancellationToken cancellationToken) => execute(services, cancellationToken);

    public Task Stop(CancellationToken cancellationToken) => Task.CompletedTask;
}
