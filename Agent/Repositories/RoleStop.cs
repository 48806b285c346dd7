namespace Aedile.Agent.Repositories;

/// <summary>
/// Ends the role at once because its disk can't be trusted; the process says why and exits. Safe to repeat.
/// </summary>
internal delegate void RoleStop(string reason, Exception cause);
