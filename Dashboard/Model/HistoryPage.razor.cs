using System.Collections.Immutable;
using Aedile.Client.Model;
using Microsoft.AspNetCore.Components;

namespace Aedile.Dashboard.Model;

/// <summary>What happened to one entity, from the journal, newest first; also to one that was deleted.</summary>
public sealed partial class HistoryPage
{
    private const int PageSize = 20;

    private EntityKind? _kind;
    private ImmutableArray<HistoryStep> _steps = [];
    private long? _older;
    private bool _isCut;

    /// <summary>The kind's plural, as in the address.</summary>
    [Parameter] public string Kinds { get; set; } = "";

    /// <summary>The entity's id, as in the address.</summary>
    [Parameter] public string Id { get; set; } = "";

    /// <summary>Index of the change to begin with; null: the newest. A deleted entity has none but this one.</summary>
    [SupplyParameterFromQuery] public long? From { get; set; }

    [Inject] private IModelView Model { get; set; } = null!;

    private string Name => _steps.Select(step => (step.After ?? step.Before)?.Name).FirstOrDefault() ?? Id;

    private string Nothing => _kind is not null && EntityFacts.HasSecrets(_kind)
        ? "Nothing that is shown: what is secret is not."
        : "Nothing but its version.";

    /// <inheritdoc/>
    protected override async Task Load()
    {
        _kind = EntityKinds.FindPlural(Kinds);
        if (_kind is not { } kind || !EntityId.TryParse(Id, null, out var id)) return;
        var key = new EntityKey(kind, id);
        var view = From is null ? await AskAs((viewer, left) => Model.GetEntity(viewer, key, left)) : null;
        // The journal is read only when there is something new in it.
        if (AsOf is not null && (view is null || view.Entity.Version == _steps.FirstOrDefault()?.Index)) return;
        Take(await AskAs((viewer, left) => Model.GetHistory(viewer, key, From, PageSize, left)), isOlder: false);
    }

    private async Task LoadOlder()
    {
        if (_older is not { } from || _kind is null) return;
        var key = new EntityKey(_kind, EntityId.Parse(Id));
        try
        {
            Take(await AskAs((viewer, left) => Model.GetHistory(viewer, key, from, PageSize, left)), isOlder: true);
        }
        catch (TimeoutException)
        {
            // The button stays; the sign says that the silo doesn't answer when it is so.
        }
    }

    private void Take(EntityHistory history, bool isOlder)
    {
        _steps = isOlder ? [.. _steps, .. history.Steps] : history.Steps;
        (_older, _isCut) = (history.Older, history.IsCut);
    }
}
