using System.Collections.Immutable;
using Aedile.Client.Model;
using Microsoft.AspNetCore.Components.Routing;

namespace Aedile.Dashboard.Layout;

/// <summary>The pages that the side navigation shows, in its order. A new page adds its line here.</summary>
internal static class Navigation
{
    public static ImmutableArray<NavigationItem> Items { get; } =
    [
        new("Overview", "/", "space_dashboard", NavLinkMatch.All, may => may("nodes") && may("repositories")),
        new("Fleet", "/fleet", "dns", NavLinkMatch.Prefix, may => may("nodes")),
        new("Sessions", "/sessions", "lan", NavLinkMatch.Prefix, may => may("nodes")),
        new("Repositories", "/repositories", "folder_data", NavLinkMatch.Prefix, may => may("repositories")),
        new("Model", "/model", "schema", NavLinkMatch.Prefix, may => EntityKinds.All.Any(kind => may(kind.Plural))),
        new("Changes", "/changes", "history", NavLinkMatch.Prefix, may => may("changes")),
        new("Identities", "/identities", "group", NavLinkMatch.Prefix, may => may("identities")),
    ];
}

/// <summary>A line of the side navigation.</summary>
/// <param name="Text">The domain's name.</param>
/// <param name="Path">The address of its first page.</param>
/// <param name="Icon">A name of Material Symbols.</param>
/// <param name="Match">Whether pages below the path belong to it.</param>
/// <param name="IsFor">Whether it is offered to somebody, by what he may read.</param>
internal sealed record NavigationItem(
    string Text, string Path, string Icon, NavLinkMatch Match, Func<Func<string, bool>, bool> IsFor);
