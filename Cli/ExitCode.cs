namespace Aedile.Cli;

/// <summary>What the command's end says. Scripts decide by it: a number never gets another meaning.</summary>
internal enum ExitCode
{
    /// <summary>It is done.</summary>
    Done = 0,

    /// <summary>It was refused, or what it asks for isn't there; of <c>check</c>: something is wrong.</summary>
    Refused = 1,

    /// <summary>The command line makes no sense, or a file that it names.</summary>
    Usage = 2,

    /// <summary>No gateway could be reached, or none could do it now. The same command may succeed later.</summary>
    Unreachable = 3,

    /// <summary>It was ended by Ctrl-C, as shells say it.</summary>
    Interrupted = 130,
}
