using System.Security.Cryptography;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Dashboard.Model.Forms;
using Aedile.Dashboard.SignIn;
using Microsoft.AspNetCore.Components;

namespace Aedile.Dashboard.Model;

/// <summary>
/// Makes an entity or changes one, as a form or as JSON. The rules are the model's own: what it refuses is said at the
/// field. What somebody else writes meanwhile is shown at once, and never overwritten unseen.
/// </summary>
public sealed partial class EditorPage
{
    private const int KeyDigits = 32;

    private EntityKind? _kind;
    private EntityDraft? _draft;
    private WriteProblem? _problem;
    private Entity? _newer;
    private string? _newerActor;
    private string _id = "";
    private string _refusal = "There is no such entity.";
    private (string Body, string Key) _sent;
    private bool _isGone;
    private bool _isBusy;
    private bool _isWritable = true;

    /// <summary>The kind's plural, as in the address.</summary>
    [Parameter] public string Kinds { get; set; } = "";

    /// <summary>The entity's id, as in the address; null for a new one.</summary>
    [Parameter] public string? Id { get; set; }

    [Inject] private IModelView Model { get; set; } = null!;
    [Inject] private NavigationManager Addresses { get; set; } = null!;

    private string Title => _kind is null ? "Model"
        : Id is null ? $"New {EntityFacts.NameOf(_kind)}" : $"Edit {_draft?.Entity?.Name ?? Id}";

    private string Back => _draft?.Entity is { } entity ? EntityFacts.HrefOf(entity.Key) : $"/model/{Kinds}";

    /// <inheritdoc/>
    protected override async Task Load()
    {
        _kind = EntityKinds.FindPlural(Kinds);
        if (_kind is not { } kind) return;
        if (!await May(Need.Write(kind.Plural))) throw NotPermittedException.Lacks(kind.Plural, "write");
        if (Id is null) await LoadNew(kind);
        else await LoadExisting(kind);
    }

    private async Task LoadNew(EntityKind kind)
    {
        _isWritable = (await AskAs(Model.GetOverview)).IsWritable;
        _draft ??= EntityDraft.New(kind);
    }

    private async Task LoadExisting(EntityKind kind)
    {
        if (!EntityId.TryParse(Id, null, out var id)) return;
        var key = new EntityKey(kind, id);
        var view = await AskAs((viewer, left) => Model.GetEntity(viewer, key, left));
        _isGone = view is null && _draft is not null;
        if (view is null) return;
        _isWritable = view.IsWritable;
        _draft ??= EntityDraft.Of(view.Entity);
        if (view.Entity.Version == _draft.Entity!.Version || view.Entity.Version == _newer?.Version) return;
        var history = await AskAs((viewer, left) => Model.GetHistory(viewer, key, null, 1, left));
        (_newer, _newerActor) = (view.Entity, history.Steps.FirstOrDefault()?.Actor);
    }

    private void Rebase(bool keepsMine)
    {
        if (_newer is not { } newer) return;
        _draft!.Rebase(newer, keepsMine);
        (_newer, _newerActor, _problem) = (null, null, null);
    }

    private async Task Save()
    {
        if (_isBusy || _draft?.Request(_id) is not { } request) return;
        _isBusy = true;
        try
        {
            // The same once more, when nobody knows whether it was written, is the same command.
            var body = $"{request.Id} {request.ExpectedVersion} {request.Body}";
            if (_problem is not { IsInDoubt: true } || _sent.Body != body)
                _sent = (body, RandomNumberGenerator.GetHexString(KeyDigits, lowercase: true));
            var answer = await AskAs((viewer, left) => Model.Write(viewer, request, _sent.Key, left));
            _problem = answer.Problem;
            if (answer.Key is { } key) Addresses.NavigateTo(EntityFacts.HrefOf(key));
        }
        finally
        {
            _isBusy = false;
        }
        if (_problem is { IsStale: true }) await Refresh();
    }
}
