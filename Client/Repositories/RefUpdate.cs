namespace Aedile.Client.Repositories;

/// <summary>
/// One ref's change: from <paramref name="Old"/> to <paramref name="New"/>, object ids in lower-case hex.
/// </summary>
/// <param name="Name">Full name, as in <c>refs/heads/main</c>.</param>
/// <param name="Old">The value the client saw; <see cref="Zero"/> when the ref is created.</param>
/// <param name="New">The value to set; <see cref="Zero"/> when the ref is deleted.</param>
public sealed record RefUpdate(string Name, string Old, string New)
{
    /// <summary>Stands for "no such ref", as on git's wire (SHA-1 repositories).</summary>
    public const string Zero = "0000000000000000000000000000000000000000";

    /// <summary>Whether the ref is created by this update.</summary>
    public bool IsCreate => Old == Zero;

    /// <summary>Whether the ref is deleted by this update.</summary>
    public bool IsDelete => New == Zero;
}
