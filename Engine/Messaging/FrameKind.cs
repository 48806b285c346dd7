namespace Aedile.Engine.Messaging;

/// <summary>
/// What a frame is about. The numbers are part of the protocol: they are never changed or used again.
/// </summary>
internal enum FrameKind : byte
{
    None = 0,

    /// <summary>A call of a grain's method.</summary>
    Request = 1,

    /// <summary>The answer to a <see cref="Request"/>.</summary>
    Response = 2,

    /// <summary>The caller of a <see cref="Request"/> doesn't wait for it any more.</summary>
    Cancel = 3,

    /// <summary>A question to the engine itself.</summary>
    Question = 4,

    /// <summary>The answer to a <see cref="Question"/>.</summary>
    Reply = 5,

    /// <summary>The sender begins nothing new on this link, and ends it when all has been answered.</summary>
    Retire = 6,

    /// <summary>A call of an observer's method; else like a <see cref="Request"/>.</summary>
    Notice = 7,

    /// <summary>What a <see cref="Request"/> of the receiver waits for; its answer is still to come.</summary>
    Status = 8,
}
