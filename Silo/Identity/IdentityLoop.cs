using System.Security.Cryptography;

namespace Aedile.Silo.Identity;

/// <summary>
/// Looks after this fleet's identity and this silo's keys: at the start, then every few seconds. What fails is tried
/// again after a second; each step is safe to repeat, by several silos at once too.
/// </summary>
internal sealed class IdentityLoop(
    IdentityDuties duties, FirstAdmin firstAdmin, LapsedProofs lapsed, TimeProvider clock, ILogger<IdentityLoop> log)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var isDone = await Turn(stoppingToken);
                await Task.Delay(isDone ? Pause : PauseAfterFailure, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
            {
                log.TurnFailed(error); // A full disk: logins go on with the keys that are there.
                await Task.Delay(Pause, clock, stoppingToken);
            }
        }
    }

    private async Task<bool> Turn(CancellationToken cancellation)
    {
        await lapsed.Sweep(cancellation);
        return await duties.Turn(cancellation) && await firstAdmin.Ensure(cancellation);
    }
}
