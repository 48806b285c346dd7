using System.Net;
using Microsoft.Extensions.Logging;

namespace Aedile.Engine.Client;

/// <summary>Log events 9500 to 9599: clients. An id is never reused.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(EventId = 9500, Level = LogLevel.Information, Message = "client {Client} started")]
    public static partial void ClientStarted(this ILogger log, string client);

    [LoggerMessage(EventId = 9501, Level = LogLevel.Information, Message = "client {Client} stopped")]
    public static partial void ClientStopped(this ILogger log, string client);

    [LoggerMessage(EventId = 9502, Level = LogLevel.Information, Message = "linked with gateway {Gateway} of {Silo}")]
    public static partial void GatewayLinked(this ILogger log, IPEndPoint gateway, string silo);

    [LoggerMessage(EventId = 9503, Level = LogLevel.Warning,
        Message = "gateway {Gateway} can't be used: {Reason}; it is tried again")]
    public static partial void GatewayFailed(this ILogger log, IPEndPoint gateway, string reason);

    [LoggerMessage(EventId = 9504, Level = LogLevel.Warning,
        Message = "the list of gateways can't be read: {Reason}; the client goes on with those it knows")]
    public static partial void GatewaysUnread(this ILogger log, string reason);
}
