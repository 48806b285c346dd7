namespace Aedile.Engine.Messaging;

/// <summary>Who may connect to a port.</summary>
internal enum PeerKind
{
    Unknown = 0,
    Silo = 1,
    Client = 2,
}
