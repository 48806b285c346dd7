using Microsoft.Extensions.Logging;

namespace Aedile.Engine.Runtime;

/// <summary>Starts and stops a silo's parts, in the order of their stages and then of their registration.</summary>
internal sealed class SiloParts(IEnumerable<ISiloPart> parts, ILogger log)
{
    private readonly List<ISiloPart> _parts = [.. parts.OrderBy(part => part.Stage)];
    private readonly Stack<ISiloPart> _started = [];

    /// <summary>Starts them one after the other, up to the first that throws.</summary>
    public async Task Start(CancellationToken cancellationToken)
    {
        foreach (var part in _parts)
        {
            await part.Start(cancellationToken);
            _started.Push(part);
        }
    }

    /// <summary>Stops what has started, the last first. An error is logged: the silo stops anyway.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        while (_started.TryPop(out var part))
        {
            try
            {
                await part.Stop(cancellationToken);
            }
            catch (Exception error)
            {
                log.PartFailedToStop(error, part.ToString()!);
            }
        }
    }
}
