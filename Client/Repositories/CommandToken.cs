namespace Aedile.Client.Repositories;

/// <summary>
/// Right of one command over one repository: the epoch of the activation that gives it, and its place in that
/// activation's order. A storage node keeps the highest it has seen, durably, and refuses lower ones.
/// </summary>
public readonly record struct CommandToken(long Epoch, long Sequence) : IComparable<CommandToken>
{
    /// <inheritdoc/>
    public int CompareTo(CommandToken other) =>
        Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Sequence.CompareTo(other.Sequence);

    /// <summary>Whether the left token was given before the right one.</summary>
    public static bool operator <(CommandToken left, CommandToken right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left token was given after the right one.</summary>
    public static bool operator >(CommandToken left, CommandToken right) => left.CompareTo(right) > 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Epoch}.{Sequence}";
}
