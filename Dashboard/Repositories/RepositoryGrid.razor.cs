using System.Globalization;
using Microsoft.AspNetCore.Components;
using Radzen;
using Radzen.Blazor;

namespace Aedile.Dashboard.Repositories;

/// <summary>
/// All repositories in a grid that holds only the rows in sight: rendering 1,000 live rows would cost each viewer
/// 900 kB a second, the window costs 33.
/// </summary>
public sealed partial class RepositoryGrid
{
    private const int WindowMax = 200;
    private const int FirstWindow = 30;

    private RadzenDataGrid<RepositoryRow>? _grid;
    private RepositoryRow[] _rows = [];
    private RepositoryWindow? _window;
    private RepositoryFilter _filter;
    private string _search = "";
    private bool _failed;

    /// <summary>What to show first.</summary>
    [Parameter] public RepositoryFilter Filter { get; set; }

    private bool IsNarrowed => _search.Length > 0 || _filter is not RepositoryFilter.All;

    private string Found => _window is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{_window.Matching:N0} found");

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        _filter = Filter;
        return base.OnInitializedAsync();
    }

    /// <summary>Loads the window in sight, through the grid once it stands: it alone knows what is in sight.</summary>
    protected override async Task Load()
    {
        if (_grid is null)
        {
            await Fetch(0, FirstWindow);
            return;
        }
        _failed = false;
        await _grid.Reload();
        // The grid must not see the exception: it would break with it, and the old rows would be gone.
        if (_failed) throw new TimeoutException("The fleet's view did not answer.");
    }

    private async Task LoadWindow(LoadDataArgs window)
    {
        try
        {
            await Fetch(window.Skip ?? 0, Math.Clamp(window.Top ?? FirstWindow, 1, WindowMax));
        }
        catch (TimeoutException)
        {
            _failed = true;
        }
    }

    private async Task Fetch(int skip, int take)
    {
        _window = await Fleet.GetRepositories(new RepositoryQuery(_search, _filter, skip, take), Left);
        _rows = [.. _window.Items.Select(RepositoryRow.From)];
    }

    private Task Search(ChangeEventArgs change)
    {
        _search = (change.Value as string ?? "").Trim();
        return Refresh();
    }

    private Task Choose(ChangeEventArgs change)
    {
        _filter = Enum.TryParse<RepositoryFilter>(change.Value as string, out var filter) ? filter : default;
        return Refresh();
    }
}
