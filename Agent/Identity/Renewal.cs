using System.Buffers.Text;
using Aedile.Client.Gateway;
using Aedile.Client.Identity;

namespace Aedile.Agent.Identity;

/// <summary>
/// Renews certificate and token before they end, whichever silo is there; what fails is tried again, ever more slowly,
/// up to once a minute.
/// </summary>
internal sealed class Renewal(
    Credentials credentials, AedileClient silos, TimeProvider clock, Random chance, ILogger<Renewal> log)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookMax = TimeSpan.FromHours(1);

    /// <summary>Runs until cancelled; never throws.</summary>
    public async Task Run(CancellationToken stopping)
    {
        var pause = PauseMin;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var left = credentials.Grant.RenewAt - clock.GetUtcNow();
                if (left > TimeSpan.Zero)
                {
                    // In steps: a clock that was set must not put a renewal off for weeks.
                    await Task.Delay(left < LookMax ? left : LookMax, clock, stopping);
                    continue;
                }
                if (await TryRenew(stopping))
                {
                    pause = PauseMin;
                    continue;
                }
                await Task.Delay(pause * (0.5 + chance.NextDouble()), clock, stopping);
                pause = pause * 2 < PauseMax ? pause * 2 : PauseMax;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Asks one silo after the other.</summary>
    /// <returns>Whether one renewed both.</returns>
    public async Task<bool> TryRenew(CancellationToken stopping)
    {
        var request = new AgentRenewRequest(Base64Url.EncodeToString(credentials.MakeSigningRequest()));
        try
        {
            credentials.Take(await silos.Agents.Renew(request, stopping));
            log.Renewed(credentials.Grant.ExpiresAt);
            return true;
        }
        catch (Exception error) when (
            error is ProblemException or GatewayAwayException or IOException or InvalidDataException)
        {
            if (clock.GetUtcNow() < credentials.Grant.ExpiresAt)
                log.NotRenewed(credentials.Grant.ExpiresAt, error.Message);
            else log.Lapsed(credentials.Grant.ExpiresAt, error.Message);
            return false;
        }
    }
}
