using System.Security.Cryptography;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Hosting;
using Aedile.Silo.Identity.Keys;

namespace Aedile.Silo.Identity;

/// <summary>
/// Looks after this fleet's identity and this silo's keys: at the start, then once a minute. What fails is tried again
/// after a second; each step is safe to repeat, by several silos at once too.
/// </summary>
internal sealed class IdentityLoop(
    IIdentityModel model, SigningKeys keys, IIdSource ids, FirstAdmin firstAdmin, TimeProvider clock,
    ILogger<IdentityLoop> log) : BackgroundService
{
    private const string Actor = "silo";
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);
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
        // Keys first: with an old copy of the model, too, they are opened and sign.
        if (!await keys.Turn(cancellation)) return false;
        if (model.Find(EntityKind.Of<FleetSpec>(), FleetSpec.OnlyId) is null)
        {
            var spec = new FleetSpec(FleetId.Parse(ids.Next().ToString("N")));
            var write = await model.Write(
                Actor, [ModelChange.Create(FleetSpec.OnlyId, spec)], cancellation);
            if (write.Outcome is not ModelOutcome.Written) return false; // Another silo was faster, or not now.
        }
        return await firstAdmin.Ensure(cancellation);
    }
}
