using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;

namespace Aedile.Dashboard.Repositories;

/// <summary>
/// All repositories, of which the browser holds the rows in sight only: rendering 1,000 live rows would cost each
/// viewer 900 kB a second, the window costs 33.
/// </summary>
public sealed partial class RepositoryGrid
{
    private const int FirstWindow = 30;
    private const int WindowMax = 200;
    private const float RowHeight = 33; // As the style sheet makes it; the browser measures, this is its first guess.
    private const int Overscan = 8;

    private Virtualize<RepositoryRow>? _window;
    private RepositoryRow[] _rows = [];
    private int _skipped;
    private int? _matching;
    private RepositoryFilter _filter;
    private string _search = "";
    private bool _failed;

    /// <summary>What to show first.</summary>
    [Parameter] public RepositoryFilter Filter { get; set; }

    /// <summary>Whether the page around it already says that it is live.</summary>
    [Parameter] public bool IsPart { get; set; }

    private bool HasNone => _matching == 0 && _search.Length == 0 && _filter is RepositoryFilter.All;

    private string Found => _matching is { } matching
        ? string.Create(CultureInfo.InvariantCulture, $"{matching:N0} found")
        : "";

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        _filter = Filter;
        return base.OnInitializedAsync();
    }

    /// <summary>Loads what is in sight; the window knows what that is, once it stands.</summary>
    protected override async Task Load()
    {
        if (_window is null || HasNone)
        {
            await Fetch(0, FirstWindow);
            return;
        }
        _failed = false;
        await _window.RefreshDataAsync();
        if (_failed) throw new TimeoutException("The fleet's view did not answer.");
    }

    // An exception would break the window and the old rows would be gone with it.
    private async ValueTask<ItemsProviderResult<RepositoryRow>> LoadWindow(ItemsProviderRequest request)
    {
        try
        {
            await Fetch(request.StartIndex, Math.Clamp(request.Count, 1, WindowMax));
        }
        catch (TimeoutException)
        {
            _failed = true;
        }
        catch (OperationCanceledException) when (Left.IsCancellationRequested)
        {
            // The user left, or has to sign in again.
        }
        // After a failure: of the old rows those that lie in the window, which may have moved since.
        var known = request.StartIndex >= _skipped ? _rows.Skip(request.StartIndex - _skipped) : [];
        return new ItemsProviderResult<RepositoryRow>(known, _matching ?? 0);
    }

    private async Task Fetch(int skip, int take)
    {
        var query = new RepositoryQuery(_search, _filter, skip, take);
        var found = await Ask((fleet, left) => fleet.GetRepositories(query, left));
        if (query.Search != _search || query.Filter != _filter) return; // The user typed on; the newer answer counts.
        _rows = [.. found.Items.Select(RepositoryRow.From)];
        (_skipped, _matching) = (skip, found.Matching);
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
