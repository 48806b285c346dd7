namespace Aedile.Client.Model.Copies;

/// <summary>An agent's answer to <c>GET /v1/model</c>.</summary>
/// <param name="Point">Where its copy stands; the age is since a silo last said so.</param>
/// <param name="Count">How many entities it has.</param>
/// <param name="Unreadable">How many of them its program can't read.</param>
public sealed record CopyResource(CopyPoint Point, int Count, int Unreadable);
