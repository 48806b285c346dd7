namespace Aedile.Engine.Enumerations;

/// <summary>What a call has to do with an enumeration. One method of a contract stands for all three.</summary>
internal enum EnumerationRole
{
    None = 0,

    /// <summary>Calls the grain's method, and returns the first page.</summary>
    Start = 1,

    /// <summary>Returns the next page.</summary>
    Next = 2,

    /// <summary>The caller wants no more.</summary>
    End = 3,
}
