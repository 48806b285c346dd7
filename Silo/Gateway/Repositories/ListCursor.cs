using System.Buffers.Text;
using System.Text;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Silo.Storage.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Where a page of repositories ended. Opaque to clients.</summary>
/// <param name="VirtualStorage">Of the last one shown; empty at the beginning.</param>
/// <param name="Path">Of the last one shown.</param>
internal sealed record ListCursor(string VirtualStorage, string Path)
{
    private const int LengthMax = 1024;

    /// <summary>Before the first one.</summary>
    public static ListCursor Start { get; } = new("", "");

    /// <summary>Behind this one.</summary>
    public static ListCursor Behind(RepositoryRecord last) => new(last.VirtualStorage, last.Path.Value);

    /// <summary>Parses what <see cref="ToString"/> gave; null when it can't be that.</summary>
    public static ListCursor? Parse(string text)
    {
        if (text.Length > LengthMax || !Base64Url.IsValid(text)) return null;
        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split('\n');
        return parts is [var storage, var path]
            && NodeName.TryParse(storage, null, out _) // Names of virtual storages follow the same rule.
            && RepositoryPath.TryParse(path, null, out _)
            ? new ListCursor(storage, path)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{VirtualStorage}\n{Path}"));
}
