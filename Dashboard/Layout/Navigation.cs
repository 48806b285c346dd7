using System.Collections.Immutable;
using Microsoft.AspNetCore.Components.Routing;

namespace Aedile.Dashboard.Layout;

/// <summary>The pages that the side navigation shows, in its order. A new page adds its line here.</summary>
internal static class Navigation
{
    public static ImmutableArray<NavigationItem> Items { get; } =
    [
        new("Overview", "/", "space_dashboard", NavLinkMatch.All),
        new("Fleet", "/fleet", "dns", NavLinkMatch.Prefix),
        new("Repositories", "/repositories", "folder_data", NavLinkMatch.Prefix),
    ];
}

/// <summary>A line of the side navigation.</summary>
/// <param name="Text">The domain's name.</param>
/// <param name="Path">The address of its first page.</param>
/// <param name="Icon">A name of Material Symbols.</param>
/// <param name="Match">Whether pages below the path belong to it.</param>
internal sealed record NavigationItem(string Text, string Path, string Icon, NavLinkMatch Match);
