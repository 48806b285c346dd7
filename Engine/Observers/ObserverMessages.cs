using Orleans;

namespace Aedile.Engine.Observers;

/// <summary>Is this client connected to you?</summary>
[GenerateSerializer, Immutable, Alias("aedile.ClientQuestion")]
internal sealed record ClientQuestion([property: Id(0)] string Client);

/// <param name="IsHere">Whether something new may be sent to it.</param>
[GenerateSerializer, Immutable, Alias("aedile.ClientReply")]
internal sealed record ClientReply([property: Id(0)] bool IsHere);
