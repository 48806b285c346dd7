namespace Aedile.Engine.Messaging;

/// <summary>What else a frame says in a bit each. The numbers are part of the protocol.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>Of a request: nobody waits for the answer.</summary>
    OneWay = 1,

    /// <summary>Of a request: the chain of callers follows.</summary>
    HasCallers = 2,

    /// <summary>Of a request: values of the request context follow.</summary>
    HasContext = 4,

    /// <summary>Of a cancellation: the caller cancelled, so that the grain's token must fire.</summary>
    ByCaller = 8,
}
