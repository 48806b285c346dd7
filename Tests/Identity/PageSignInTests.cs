using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Dashboard.SignIn;
using Aedile.Silo.Gateway;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Gateway.Pages;
using Aedile.Silo.Identity.Logins;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Identity;

/// <summary>
/// Goal: a session of the dashboard is worth what the token behind it is worth now, and an act in a person's name is
/// refused by the silo, whatever a page offers.
/// </summary>
public sealed class PageSignInTests : IAsyncLifetime
{
    private const string AdminToken = "the-static-token";
    private static readonly EntityId Anna = EntityId.Parse("anna");

    private readonly TestFolder _folder = new("pages");
    private readonly ManualTime _clock = new(TokenBench.Start);
    private readonly MemoryIdentityModel _model;
    private readonly LoginStage _silo;
    private readonly PageSignIn _pages;

    public PageSignInTests()
    {
        _model = LoginStage.NewModel(_clock);
        _silo = new LoginStage(_model, _clock, _folder);
        File.WriteAllText(TokenFile, AdminToken + "\n");
        var staticToken = new StaticToken(TokenFile, _clock, NullLogger<StaticToken>.Instance);
        _pages = new PageSignIn(
            staticToken, _silo.Verifier, _model, _silo.Passwords, _silo.Enrolments, LoginStage.Options);
    }

    private string TokenFile => _folder["admin.token"];

    public async ValueTask InitializeAsync() => Assert.True(await _silo.Keys.Turn(default));

    public ValueTask DisposeAsync()
    {
        _silo.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Session_ends_with_whatever_its_token_rests_on()
    {
        Action[] endings =
        [
            () => _clock.Advance(LoginStage.Options.LoginLife + TimeSpan.FromMinutes(1)),
            () => _model.Put("anna", TokenBench.Holder(IdentityType.Person, [BuiltInRoles.Operator], disabled: true)),
            () => _model.Put("r", new RevocationSpec(
                _clock.GetUtcNow().AddDays(1), Identity: Anna, IssuedBefore: _clock.GetUtcNow())),
        ];
        foreach (var end in endings)
        {
            _model.Put("anna", TokenBench.Holder(IdentityType.Person, [BuiltInRoles.Operator]), "Anna");
            _clock.Advance(TimeSpan.FromMinutes(1));
            var viewer = await SignIn();
            Assert.True(_pages.IsCurrent(viewer));
            end();
            Assert.False(_pages.IsCurrent(viewer));
            Assert.False(_pages.May(viewer, Need.Read("nodes")));
        }
    }

    [Fact]
    public async Task Sign_out_takes_back_the_token_of_a_password_and_leaves_one_that_was_pasted()
    {
        var text = (await _silo.Enter("Anna", LoginStage.Password)).Token!.Text;
        var pasted = _pages.ByToken(text).Viewer!;
        var own = await SignIn();
        await _pages.End(own, default);
        await _pages.End(pasted, default);
        Assert.False(_pages.IsCurrent(own));
        Assert.True(_pages.IsCurrent(pasted));
        Assert.Single(_model.List(EntityKind.Of<RevocationSpec>()));
    }

    [Fact]
    public void Stamp_that_no_sign_in_gave_is_worth_nothing()
    {
        foreach (var stamp in (string[])["", "x", "{", "{}", "null", """{"kid":"x","token":null,"isOwn":true}"""])
            Assert.False(_pages.IsCurrent(new Viewer("admin.token", stamp)));
    }

    [Fact]
    public void Agents_token_opens_no_page()
    {
        _model.Put("agent-n1", TokenBench.Holder(
            IdentityType.Agent, [BuiltInRoles.Agent, BuiltInRoles.Admin], NodeName.Parse("n1")));
        var identity = _model.Find(EntityKind.Of<IdentitySpec>(), EntityId.Parse("agent-n1"))!;
        var issued = _silo.Issuer.Issue(identity, [BuiltInRoles.Agent], TimeSpan.FromHours(1))!;
        Assert.Equal(SignInRefusal.Wrong, _pages.ByToken(issued.Text).Refusal);
        Assert.Equal(SignInRefusal.Wrong, _pages.ByToken("a.b.c").Refusal);
        Assert.NotNull(_pages.ByToken(AdminToken).Viewer);
    }

    [Fact]
    public void Another_static_token_in_the_file_ends_the_sessions_of_the_old_one()
    {
        const string Other = "another-static-token";
        var session = _pages.ByToken(AdminToken).Viewer!;
        Assert.True(_pages.IsCurrent(session));
        File.WriteAllText(TokenFile, Other);
        _clock.Advance(StaticToken.LookInterval);
        Assert.False(_pages.IsCurrent(session));
        Assert.False(_pages.May(session, Need.Read("nodes")));
        Assert.Equal(SignInRefusal.Wrong, _pages.ByToken(AdminToken).Refusal);
        var next = _pages.ByToken(Other).Viewer!;
        Assert.True(_pages.IsCurrent(next));

        // A file that is being written, and none at all: nobody has it.
        foreach (var damage in (Action[])[() => File.WriteAllText(TokenFile, "short"), () => File.Delete(TokenFile)])
        {
            damage();
            _clock.Advance(StaticToken.LookInterval);
            Assert.False(_pages.IsCurrent(next));
            Assert.All(["", "short", Other], token => Assert.Null(_pages.ByToken(token).Viewer));
            File.WriteAllText(TokenFile, Other);
            _clock.Advance(StaticToken.LookInterval);
            Assert.True(_pages.IsCurrent(next));
        }
    }

    [Fact]
    public async Task Wrong_passwords_in_the_browser_lock_out_programs_too()
    {
        for (var attempt = 0; attempt < LoginStage.Options.WrongAttempts; attempt++)
            Assert.Equal(SignInRefusal.Wrong, (await _pages.ByPassword("Anna", "a guess", null, default)).Refusal);
        Assert.Equal(LoginRefusal.Later, (await _silo.Enter("Anna", LoginStage.Password)).Refusal);
        var answer = await _pages.ByPassword("Anna", LoginStage.Password, null, default);
        Assert.Equal((SignInRefusal.Later, LoginStage.Options.LockFirst), (answer.Refusal, answer.Wait));
    }

    [Fact]
    public async Task What_a_role_does_not_permit_is_refused_by_the_desks_themselves()
    {
        var caller = _pages.CallerOf(await SignIn())!;
        var identities = _silo.Desk;
        var tokens = new TokenDesk(_model, _silo.Issuer, LoginStage.Options, _clock);
        var before = _model.Writes;
        Refusal?[] refusals =
        [
            (await identities.Create(
                caller, EntityId.Parse("x"), null, TokenBench.Holder(IdentityType.Person, []), default)).Refusal,
            (await identities.MakeCode(caller, Anna, IdentityDesk.CodeLife, default)).Refusal,
            await identities.SetPassword(caller, Anna, "a long enough password", default),
            await identities.SetDisabled(caller, Anna, true, default),
            await identities.Unlock(caller, Anna, default),
            tokens.Issue(caller, new IssueTokenRequest(TokenBench.SiloId)).Refusal,
        ];
        Assert.Equal(
            ["forbidden", "forbidden", "forbidden", "forbidden", "forbidden", "identity-not-found"],
            refusals.Select(refusal => refusal!.Type));
        Assert.Equal(before, _model.Writes);
        Assert.False(_pages.May(await SignIn(), Need.Write("identities")));
        Assert.True(_pages.May(await SignIn(), Need.Write("nodes")));
    }

    [Fact]
    public async Task Code_and_identity_are_made_together_and_the_code_sets_the_password()
    {
        var desk = _silo.Desk;
        var admin = new Caller(StaticToken.Holder, null);
        var spec = TokenBench.Holder(IdentityType.Person, [BuiltInRoles.Viewer]);
        var (code, refusal) = await desk.Create(admin, EntityId.Parse("bea"), "Bea", spec, default);
        Assert.Null(refusal);
        Assert.Equal(
            "changed-meanwhile", (await desk.Create(admin, EntityId.Parse("bea"), null, spec, default)).Refusal!.Type);
        var answer = await _pages.ByEnrolment(code!, "a long password of bea", null, default);
        Assert.Equal("bea", answer.Viewer!.Name);
        Assert.Equal(SignInRefusal.Over, (await _pages.ByEnrolment(code!, "another password", null, default)).Refusal);
        Assert.NotNull((await _pages.ByPassword("Bea", "a long password of bea", null, default)).Viewer);
        Assert.Null(await desk.SetPassword(admin, EntityId.Parse("bea"), "set by somebody else", default));
        Assert.NotNull((await _pages.ByPassword("Bea", "set by somebody else", null, default)).Viewer);
    }

    [Fact]
    public async Task One_s_own_password_is_changed_by_the_current_one_and_guesses_lock_out()
    {
        var caller = _pages.CallerOf(await SignIn())!;
        const string New = "another long password";
        async Task<string?> Change(string current, string password) =>
            (await _silo.Desk.ChangeOwnPassword(caller, current, password, null, default))?.Type;

        Assert.Equal("invalid-parameter", await Change(LoginStage.Password, "short"));
        Assert.Equal("login-wrong", await Change("a guess", New));
        Assert.Null(await Change(LoginStage.Password, New));
        var old = await _pages.ByPassword("Anna", LoginStage.Password, null, default);
        Assert.Equal(SignInRefusal.Wrong, old.Refusal);
        Assert.NotNull((await _pages.ByPassword("Anna", New, null, default)).Viewer);
        Assert.Equal("forbidden", (await _silo.Desk.ChangeOwnPassword(
            new Caller(StaticToken.Holder, null), New, "a third password", null, default))?.Type);
        for (var attempt = 0; attempt < LoginStage.Options.WrongAttempts; attempt++)
            Assert.Equal("login-wrong", await Change("a guess", New));
        Assert.Equal("too-many-logins", await Change(New, "a third password"));
    }

    private async Task<Viewer> SignIn()
    {
        var answer = await _pages.ByPassword("Anna", LoginStage.Password, null, default);
        return answer.Viewer ?? throw new InvalidOperationException($"{answer.Refusal}");
    }
}
