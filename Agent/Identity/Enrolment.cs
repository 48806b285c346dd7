using System.Buffers.Text;
using Aedile.Agent.Fleet;
using Aedile.Agent.Model;
using Aedile.Client.Fleet;
using Aedile.Client.Gateway;
using Aedile.Client.Identity;

namespace Aedile.Agent.Identity;

/// <summary>
/// How an agent comes to its credentials: from its folder, or by a one-time token. A crash between any two steps is
/// followed by the same steps: the key is on disk before it is sent, and a token that was spent for this key is good
/// for this key once more.
/// </summary>
internal sealed class Enrolment(
    CredentialFolder folder, CopyFile copy, SiloFile known, SiloTls tls, ICrashPoints points, TimeProvider clock,
    ILogger log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The credentials; waits for a silo if they have to be asked for.</summary>
    /// <param name="silos">Whom to ask, one after the other.</param>
    /// <param name="token">The one-time token; null when none was given.</param>
    /// <param name="stopping">Ends the wait.</param>
    /// <exception cref="StartException">A new token is needed, or a silo refuses this one.</exception>
    public async Task<Credentials> Ensure(
        IReadOnlyList<Uri> silos, string? token, CancellationToken stopping)
    {
        var key = folder.OpenKey();
        var grant = folder.ReadGrant(key);
        if (grant is not null && clock.GetUtcNow() < grant.ExpiresAt) return new Credentials(folder, key, grant);
        if (token is null) throw new StartException(
            (grant is null ? "This agent is not enrolled" : $"This agent's certificate ended at {grant.ExpiresAt:u}")
            + ": an administrator makes a one-time token (POST /v1/identities/ID/enrolments); start the agent with "
            + "--enrolment-file FILE, or with the token in AEDILE_ENROLMENT.");
        points.Reach("enrol-key");
        var request = new AgentEnrolRequest(
            token, Base64Url.EncodeToString(Credentials.SigningRequestOf(key)));
        grant = await Ask(silos, request, stopping);
        points.Reach("enrol-answered");
        try
        {
            // What silos of another fleet, or of an earlier life of this one, said does not count beside the grant.
            await copy.Forget();
            known.Forget();
            folder.Keep(grant);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The certificate can't be kept: {e.Message}", e);
        }
        points.Reach("enrol-kept");
        log.Enrolled(grant.Identity, grant.Node, grant.ExpiresAt);
        return new Credentials(folder, key, grant);
    }

    private async Task<AgentGrant> Ask(
        IReadOnlyList<Uri> silos, AgentEnrolRequest request, CancellationToken stopping)
    {
        using var client = tls.Connect(null, new GatewayRotation([.. silos]));
        var isFirst = true;
        while (true)
        {
            try
            {
                return await client.Agents.Enrol(request, stopping);
            }
            catch (ProblemException refusal) when (refusal.Status is 400 or 401 or 410)
            {
                throw new StartException(
                    $"This agent is not enrolled: {refusal.Problem.Detail} A new one-time token is needed.");
            }
            catch (Exception error) when (error is ProblemException or GatewayAwayException)
            {
                // Silos that are still starting are no news twice.
                if (isFirst) log.NotEnrolledYet(error.Message);
            }
            isFirst = false;
            await Task.Delay(Pause, clock, stopping);
        }
    }
}
