namespace Aedile.Engine.Messaging;

/// <summary>Who may connect to a port.</summary>
internal enum LinkPort
{
    Unknown = 0,
    OfSilos = 1,
    OfClients = 2,
}
