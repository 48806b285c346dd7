using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Aedile.Dashboard.Model;

/// <summary>
/// What anybody changed, newest first and live: the journal is the audit log. The silo reads it only when there is
/// something new in it, or somebody asks for older ones.
/// </summary>
public sealed partial class ChangesPage
{
    private const int PageSize = 50;
    private const int NewerMax = 200;

    private readonly HashSet<long> _open = [];
    private ChangeList? _list;
    private long _newest;
    private string _kind = "";
    private string _actor = "";
    private bool _isPaused;

    /// <summary>The kind in the address.</summary>
    [SupplyParameterFromQuery] public string? Kind { get; set; }

    /// <summary>The actor in the address.</summary>
    [SupplyParameterFromQuery] public string? Actor { get; set; }

    [Inject] private IModelView Model { get; set; } = null!;
    [Inject] private NavigationManager Addresses { get; set; } = null!;

    private bool IsFollowing => !_isPaused && _list is { IsAtTop: true };

    private string Status => _list is { } list && !IsFollowing && _newest > list.Newest
        ? string.Create(CultureInfo.InvariantCulture, $"Paused; {_newest - list.Newest:N0} newer")
        : _isPaused ? "Paused" : "";

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        (_kind, _actor) = (Kind ?? "", Actor ?? "");
        return base.OnInitializedAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_kind == (Kind ?? "") && _actor == (Actor ?? "")) return;
        (_kind, _actor) = (Kind ?? "", Actor ?? "");
        await Restart();
    }

    /// <inheritdoc/>
    protected override async Task Load()
    {
        _newest = (await AskAs(Model.GetOverview)).Index;
        if (_list is not { } list) _list = ChangeList.From(await Get(null, null, PageSize));
        else if (IsFollowing && _newest > list.Newest) _list = list.WithNewer(await Get(list.Newest, null, NewerMax));
    }

    private async Task<ChangeWindow> Get(long? after, long? before, int take) =>
        await AskAs((viewer, left) => Model.GetChanges(
            viewer, new ChangeQuery(_kind, _actor, after, before, take), left));

    private async Task LoadOlder()
    {
        if (_list is not { } list) return;
        try
        {
            _list = list.WithOlder(await Get(null, list.Oldest, PageSize));
        }
        catch (TimeoutException)
        {
            // The button stays; the sign says that the silo doesn't answer when it is so.
        }
    }

    private Task Restart()
    {
        _list = null;
        _open.Clear();
        return Refresh();
    }

    private void TogglePause() => _isPaused = !_isPaused;

    private void Toggle(long index)
    {
        if (!_open.Remove(index)) _open.Add(index);
    }

    private void ChooseKind(ChangeEventArgs change) => Go(change.Value as string ?? "", _actor);

    private void ChooseActor(ChangeEventArgs change) => Go(_kind, (change.Value as string ?? "").Trim());

    private void Go(string kind, string actor) => Addresses.NavigateTo(Addresses.GetUriWithQueryParameters(
        new Dictionary<string, object?>
        {
            ["kind"] = kind.Length == 0 ? null : kind,
            ["actor"] = actor.Length == 0 ? null : actor,
        }));
}
