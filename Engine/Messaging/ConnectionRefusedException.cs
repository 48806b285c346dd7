using System.Net;

namespace Aedile.Engine.Messaging;

/// <summary>Nobody listens at an address, so no process runs there.</summary>
internal sealed class ConnectionRefusedException(IPEndPoint address, Exception inner)
    : IOException($"Nobody listens at {address}.", inner);
