using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Where a page of repositories ended, as its cursor says it. Pure.</summary>
internal static class RepositoryPlace
{
    /// <summary>The place of a page's last one.</summary>
    public static ImmutableArray<string?> Of(RepositoryRecord last) => [last.VirtualStorage.Value, last.Path.Value];

    /// <summary>
    /// The name that the model gives the last one shown, empty at the beginning; null when no page of repositories
    /// ended there.
    /// </summary>
    public static string? NameAt(ImmutableArray<string?> place) => place switch
    {
        [] => "",
        // Names of virtual storages follow the same rule as those of nodes.
        [{ } storage, { } path] when NodeName.TryParse(storage, null, out _)
            && RepositoryPath.TryParse(path, null, out _) => $"{storage}/{path}",
        _ => null,
    };
}
