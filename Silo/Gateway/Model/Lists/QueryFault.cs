namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>Why a parameter can't be understood, and where.</summary>
/// <param name="Column">Of the first character at fault, from 1.</param>
/// <param name="Detail">What was expected there, for people.</param>
internal sealed record QueryFault(int Column, string Detail)
{
    /// <inheritdoc/>
    public override string ToString() => $"Column {Column}: {Detail}";
}
