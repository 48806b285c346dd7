using System.Net;

namespace Aedile.Engine.Membership;

/// <summary>What a silo knows of itself before it has a generation.</summary>
/// <param name="Fleet">The fleet's id: silos of one table with another id are strangers.</param>
/// <param name="Name">For people.</param>
/// <param name="HostName">The machine, for people.</param>
/// <param name="Endpoint">Where the other silos reach it.</param>
/// <param name="GatewayPort">Port for clients at the same address; 0: none.</param>
internal sealed record SiloIdentity(string Fleet, string Name, string HostName, IPEndPoint Endpoint, int GatewayPort);
