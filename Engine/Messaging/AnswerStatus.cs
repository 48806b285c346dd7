namespace Aedile.Engine.Messaging;

/// <summary>How a request or question ended. The numbers are part of the protocol.</summary>
internal enum AnswerStatus : byte
{
    Unknown = 0,

    /// <summary>With a result, which follows.</summary>
    Done = 1,

    /// <summary>With an error, which follows.</summary>
    Failed = 2,

    /// <summary>It was cancelled.</summary>
    Cancelled = 3,

    /// <summary>It was refused before the grain saw it, and will be the next time; the reason follows.</summary>
    Refused = 4,

    /// <summary>It was refused before the grain saw it, because the grain isn't there; the reason follows.</summary>
    NotHere = 5,

    /// <summary>The silo that had it is gone: it may have run; the reason follows.</summary>
    Lost = 6,

    /// <summary>The observer, or the process that it lives in, is gone; the reason follows.</summary>
    Gone = 7,
}
