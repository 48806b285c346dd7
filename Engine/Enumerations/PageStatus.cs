namespace Aedile.Engine.Enumerations;

/// <summary>How an enumeration goes on. The numbers are part of the protocol.</summary>
internal enum PageStatus : byte
{
    Unknown = 0,

    /// <summary>There may be more: ask again.</summary>
    More = 1,

    /// <summary>These items were the last.</summary>
    Completed = 2,

    /// <summary>The grain knows of no such enumeration.</summary>
    Missing = 3,
}
