using System.Globalization;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Dashboard.Model;
using Aedile.Dashboard.SignIn;
using Microsoft.AspNetCore.Components;

namespace Aedile.Dashboard.Identity;

/// <summary>One identity: how it proves who it is, its tokens, and what an administrator does about it.</summary>
public sealed partial class IdentityPage
{
    private const int SecondsOfHour = 3_600;

    private readonly HashSet<EntityId> _without = [];
    private IdentityDetails? _details;
    private IdentityRow? _row;
    private ActAnswer? _answer;
    private string _done = "";
    private string _current = "";
    private string _password = "";
    private string _hours = "8";
    private bool _isBusy;
    private bool _isRevoking;

    /// <summary>The identity's id, as in the address.</summary>
    [Parameter] public string Id { get; set; } = "";

    [Inject] private IIdentityView Identities { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_row is null || _row.Id == Id) return;
        (_row, _details, _answer) = (null, null, null);
        await Refresh();
    }

    /// <inheritdoc/>
    protected override async Task Load()
    {
        _details = EntityId.TryParse(Id, null, out var id)
            ? await AskAs((viewer, left) => Identities.GetIdentity(viewer, id, left))
            : null;
        _row = _details is null ? null : IdentityRow.From(_details.Identity, Now);
    }

    private async Task SetPassword()
    {
        var password = _password;
        _password = "";
        await Act(IdentityAct.SetPassword, "The password is set.", password);
    }

    private Task ChangePassword()
    {
        var (current, password) = (_current, _password);
        (_current, _password) = ("", "");
        return Do("Your password is changed. Sessions and tokens stay good.", (viewer, left) =>
            Identities.ChangePassword(viewer, current, password, left));
    }

    private Task MakeCode() => Act(IdentityAct.MakeCode, "This is the one-time code to set a password by.");

    private Task Unlock() => Act(IdentityAct.Unlock, "The lock-out is over.");

    private Task ToggleDisabled() => _details!.Identity.Spec.Disabled
        ? Act(IdentityAct.Enable, "It is enabled.")
        : Act(IdentityAct.Disable, "It is disabled: every token and login of it is refused.");

    private Task RevokeTokens()
    {
        _isRevoking = false;
        return Act(IdentityAct.RevokeTokens, "Its tokens are taken back.");
    }

    private Task Act(IdentityAct act, string done, string? text = null) => Do(done, (viewer, left) =>
        Identities.Act(viewer, _details!.Identity.Id, act, text, left));

    private Task Issue()
    {
        var identity = _details!.Identity;
        int? life = double.TryParse(_hours, CultureInfo.InvariantCulture, out var hours)
            && hours * SecondsOfHour is > 0 and < int.MaxValue and var seconds ? (int)seconds : null;
        if (life is null)
        {
            _answer = new ActAnswer(new WriteProblem("invalid", "", "The hours are a number above 0.", "hours"));
            return Task.CompletedTask;
        }
        var roles = identity.Spec.Roles.Where(role => !_without.Contains(role));
        return Do("The token is issued.", (viewer, left) =>
            Identities.Issue(viewer, new IssueTokenRequest(identity.Id, [.. roles], life), left));
    }

    private async Task Do(string done, Func<Viewer, CancellationToken, Task<ActAnswer>> act)
    {
        if (_isBusy) return;
        _isBusy = true;
        try
        {
            _answer = await AskAs(act);
            _done = done;
        }
        finally
        {
            _isBusy = false;
        }
        await Refresh();
    }

    private void Choose(EntityId role, bool isChosen)
    {
        if (isChosen) _without.Remove(role);
        else _without.Add(role);
    }
}
