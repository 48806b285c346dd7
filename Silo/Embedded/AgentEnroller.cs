using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Gateway;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Embedded;

/// <summary>
/// What an administrator does for each new agent, done for those of <c>./run</c>: makes its identity and a one-time
/// token, by REST, with the administrator's token.
/// </summary>
internal sealed class AgentEnroller(ImmutableArray<Uri> silos, DataFolder data, TimeProvider clock) : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly AedileClient _client = OwnFleet.Connect(silos, data, AskLimit, clock);

    /// <summary>
    /// Sees to it that an agent is enrolled, or has a one-time token. Waits for a silo if it has to ask one.
    /// </summary>
    /// <returns>Why it can't be; null when it is.</returns>
    public async Task<string?> Ensure(string node, CancellationToken stop)
    {
        try
        {
            while (!IsEnrolled(node))
            {
                var (isMade, why) = await TryMake(NodeName.Parse(node), stop);
                if (isMade) return null;
                if (why is not null) return $"{node} can't be enrolled: {why}";
                await Task.Delay(Pause, clock, stop);
            }
            return null;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return "it is told to stop";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private bool IsEnrolled(string node)
    {
        try
        {
            var file = Path.Combine(data.Agent(node), "identity", "grant.json");
            return File.Exists(file)
                && JsonSerializer.Deserialize<AgentGrant>(File.ReadAllBytes(file), Wire.Json) is { } grant
                && clock.GetUtcNow() < grant.ExpiresAt;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // No reason: the silos are not there yet, and are asked again.
    private async Task<(bool IsMade, string? Why)> TryMake(NodeName node, CancellationToken stop)
    {
        var id = EntityId.TryParse($"agent-{node}", null, out var plain) ? plain : EntityId.Parse(node.Value);
        try
        {
            _client.Token = DataFolder.ReadSecret(data.AdminTokenFile);
            await CreateIdentity(id, node, stop);
            var enrolment = await _client.Identity.IssueEnrolment(id, Life, stop);
            var file = data.AgentEnrolmentFile(node.Value);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            DurableFile.Write(file, Encoding.ASCII.GetBytes(enrolment.EnrolmentToken + "\n"), Private);
            return (true, null);
        }
        catch (ProblemException refusal)
        {
            return (false, refusal.Status is 401 or 429 or >= 500 ? null : refusal.Problem.Detail);
        }
        catch (Exception error) when (error is GatewayAwayException or IOException)
        {
            return (false, null);
        }
    }

    private async Task CreateIdentity(EntityId id, NodeName node, CancellationToken stop)
    {
        try
        {
            await _client.Model.Create(
                EntityDraft.Of(new IdentitySpec(IdentityType.Agent, [BuiltInRoles.Agent], [], Node: node)), id,
                cancellation: stop);
        }
        catch (ProblemException refusal) when (refusal.Status is 409)
        {
            // There already: from an earlier run, whose agent lost its folder or was never started.
        }
    }
}
