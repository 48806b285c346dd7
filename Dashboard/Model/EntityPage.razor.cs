using System.Security.Cryptography;
using Aedile.Client.Model;
using Microsoft.AspNetCore.Components;

namespace Aedile.Dashboard.Model;

/// <summary>One entity: what it says, and the way to change or delete it.</summary>
public sealed partial class EntityPage
{
    private const int KeyDigits = 32;

    private readonly string _deletion = RandomNumberGenerator.GetHexString(KeyDigits, lowercase: true);
    private EntityKind? _kind;
    private EntityView? _view;
    private WriteProblem? _problem;
    private string _typed = "";
    private string? _deleted;
    private bool _isDeleting;
    private bool _isBusy;

    /// <summary>The kind's plural, as in the address.</summary>
    [Parameter] public string Kinds { get; set; } = "";

    /// <summary>The entity's id, as in the address.</summary>
    [Parameter] public string Id { get; set; } = "";

    [Inject] private IModelView Model { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_view is null || (_view.Entity.Kind.Plural == Kinds && _view.Entity.Id.Value == Id)) return;
        (_view, _problem, _typed, _isDeleting) = (null, null, "", false);
        await Refresh();
    }

    /// <inheritdoc/>
    protected override async Task Load()
    {
        _kind = EntityKinds.FindPlural(Kinds);
        _view = _kind is not null && EntityId.TryParse(Id, null, out var id)
            ? await AskAs((viewer, left) => Model.GetEntity(viewer, new EntityKey(_kind, id), left))
            : null;
    }

    private async Task Delete()
    {
        if (_view is not { Entity: var entity } || _typed != entity.Name || _isBusy) return;
        _isBusy = true;
        var change = new ChangeRequest(ChangeVerb.Delete, entity.Kind.Name, entity.Id.Value, entity.Version);
        try
        {
            var answer = await AskAs((viewer, left) => Model.Write(viewer, change, _deletion, left));
            _problem = answer.Problem;
            if (_problem is null) _deleted = entity.Name;
        }
        finally
        {
            _isBusy = false;
        }
        await Refresh();
    }
}
