using System.Globalization;
using Aedile.Client.Model;
using Microsoft.AspNetCore.Components;

namespace Aedile.Dashboard.Model;

/// <summary>
/// The entities of one kind, a page at a time: of a million the browser holds fifty, and the silo walks to none that is
/// not shown, unless a filter asks for it. Filter and order are in the address, so that it can be passed on.
/// </summary>
public sealed partial class EntitiesPage
{
    private const int PageSize = 50;
    private const string FilterHint = "a part of the name, or name contains \"x\" and tags.zone = \"a\"";

    private static readonly (string Value, string Text)[] Orders =
    [
        ("", "name"), ("-name", "name, backwards"), ("-updatedAt", "last changed"), ("-createdAt", "newest"),
        ("createdAt", "oldest"),
    ];

    private readonly Stack<string> _before = [];
    private EntityKind? _kind;
    private EntityWindow? _window;
    private string _filter = "";
    private string _sort = "";
    private string _after = "";

    /// <summary>The kind's plural, as in the address.</summary>
    [Parameter] public string Kinds { get; set; } = "";

    /// <summary>The filter in the address.</summary>
    [SupplyParameterFromQuery] public string? Filter { get; set; }

    /// <summary>The order in the address.</summary>
    [SupplyParameterFromQuery] public string? Sort { get; set; }

    [Inject] private IModelView Model { get; set; } = null!;
    [Inject] private NavigationManager Addresses { get; set; } = null!;

    private string Title => _kind is null ? "Model" : EntityFacts.TitleOf(_kind);

    private string Found => _window is { } window
        ? string.Create(CultureInfo.InvariantCulture, $"{window.Count:N0} in all")
        : "";

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        (_kind, _filter, _sort) = (EntityKinds.FindPlural(Kinds), Filter ?? "", Sort ?? "");
        return base.OnInitializedAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var kind = EntityKinds.FindPlural(Kinds);
        if (kind == _kind && _filter == (Filter ?? "") && _sort == (Sort ?? "")) return;
        if (kind != _kind) _window = null;
        (_kind, _filter, _sort) = (kind, Filter ?? "", Sort ?? "");
        Rewind();
        await Refresh();
    }

    /// <inheritdoc/>
    protected override async Task Load()
    {
        if (_kind is not { } kind) return;
        var query = new EntityQuery(kind, _filter, _sort, _after, PageSize);
        var window = await AskAs((viewer, left) => Model.GetEntities(viewer, query, left));
        // Whoever went on meanwhile waits for the newer answer.
        if (query == new EntityQuery(_kind, _filter, _sort, _after, PageSize)) _window = window;
    }

    private void ChangeFilter(ChangeEventArgs change) => Go((change.Value as string ?? "").Trim(), _sort);

    private void ChangeSort(ChangeEventArgs change) => Go(_filter, change.Value as string ?? "");

    private void Go(string filter, string sort) => Addresses.NavigateTo(Addresses.GetUriWithQueryParameters(
        new Dictionary<string, object?>
        {
            ["filter"] = filter.Length == 0 ? null : filter,
            ["sort"] = sort.Length == 0 ? null : sort,
        }));

    private Task ToFirst()
    {
        Rewind();
        return Refresh();
    }

    private Task ToPrevious()
    {
        if (_before.TryPop(out var before)) _after = before;
        return Refresh();
    }

    private Task ToNext()
    {
        if (_window?.Next is not { } next) return Task.CompletedTask;
        _before.Push(_after);
        _after = next;
        return Refresh();
    }

    private void Rewind()
    {
        _before.Clear();
        _after = "";
    }
}
