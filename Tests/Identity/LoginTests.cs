using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Logins;
using Aedile.Silo.Identity.Passwords;
using Aedile.Tests.Support;

namespace Aedile.Tests.Identity;

/// <summary>
/// Goal: whoever proves who he is gets a token that any silo takes; nobody else does, however often he asks.
/// </summary>
public sealed class LoginTests : IAsyncLifetime
{
    private static readonly EntityId Anna = EntityId.Parse("anna");

    private readonly TestFolder _folder = new("login");
    private readonly ManualTime _clock = new(TokenBench.Start);
    private readonly MemoryIdentityModel _model;
    private readonly LoginStage _silo;

    public LoginTests()
    {
        _model = LoginStage.NewModel(_clock);
        _silo = new LoginStage(_model, _clock, _folder);
    }

    public async ValueTask InitializeAsync() => Assert.True(await _silo.Keys.Turn(default));

    public ValueTask DisposeAsync()
    {
        _silo.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_password_gives_a_token_with_the_identity_s_roles()
    {
        var token = _silo.MustBeTaken(await _silo.Enter("Anna", LoginStage.Password));
        Assert.Equal((Anna, TokenKind.Access), (token.Identity, token.Kind));
        Assert.Equal([BuiltInRoles.Operator], token.Roles);
        Assert.Equal(_clock.GetUtcNow() + LoginStage.Options.LoginLife, token.ExpiresAt);
        Assert.Equal(1, _model.Writes); // The key; a login that changes nothing writes nothing.
    }

    [Theory]
    [InlineData("Anna", "wrong password!")]
    [InlineData("Anna", "")]
    [InlineData("anna", LoginStage.Password)]
    [InlineData("Nobody", LoginStage.Password)]
    [InlineData("", "")]
    public async Task Name_and_password_must_both_be_right_and_nobody_learns_which_was_not(string name, string password)
    {
        Assert.Equal(LoginAnswer.Wrong, await _silo.Enter(name, password));
    }

    [Fact]
    public async Task A_disabled_identity_does_not_get_in()
    {
        _model.Put("anna", TokenBench.Holder(IdentityType.Person, [], disabled: true), "Anna");
        Assert.Equal(LoginAnswer.Wrong, await _silo.Enter("Anna", LoginStage.Password));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_at_every_silo_until_the_time_is_over()
    {
        using var other = new LoginStage(_model, _clock, _folder, "silo-2");
        Assert.True(await other.Keys.Turn(default));
        _clock.Advance(TimeSpan.FromSeconds(2));
        for (var n = 0; n < 5; n++) Assert.Equal(LoginAnswer.Wrong, await _silo.Enter("Anna", "wrong password!"));

        foreach (var silo in (LoginStage[])[_silo, other])
        {
            var locked = await silo.Enter("Anna", LoginStage.Password);
            Assert.Equal((LoginRefusal.Later, TimeSpan.FromMinutes(1)), (locked.Refusal, locked.Wait));
        }
        _clock.Advance(TimeSpan.FromMinutes(1));
        other.MustBeTaken(await other.Enter("Anna", LoginStage.Password));
        Assert.Equal((0, (DateTimeOffset?)null), Lock()); // The next lock-out is a first one again.

        (int, DateTimeOffset?) Lock()
        {
            var spec = (AuthenticatorSpec)_model.Find(
                EntityKind.Of<AuthenticatorSpec>(), NamedIds.PasswordOf(Anna))!.Spec;
            return (spec.Password!.Locks, spec.Password.LockedUntil);
        }
    }

    [Fact]
    public async Task Lock_outs_in_a_row_grow()
    {
        for (var row = 0; row < 3; row++)
        {
            for (var n = 0; n < 5; n++) await _silo.Enter("Anna", "wrong password!");
            Assert.Equal(
                TimeSpan.FromMinutes(1 << row), (await _silo.Enter("Anna", LoginStage.Password)).Wait);
            _clock.Advance(TimeSpan.FromMinutes(1 << row));
        }
        _silo.MustBeTaken(await _silo.Enter("Anna", LoginStage.Password));
    }

    [Fact]
    public async Task Too_many_logins_of_one_name_wait_whether_or_not_it_exists()
    {
        for (var n = 0; n < LoginStage.Options.LoginBurst; n++) await _silo.Enter("Nobody", "");
        Assert.Equal(LoginRefusal.Later, (await _silo.Enter("Nobody", "")).Refusal);
        _silo.MustBeTaken(await _silo.Enter("Anna", LoginStage.Password));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(LoginAnswer.Wrong, await _silo.Enter("Nobody", ""));
    }

    [Fact]
    public async Task An_old_hash_is_made_anew_by_a_right_password()
    {
        var cheap = new PasswordHasher(50_000).Hash(LoginStage.Password);
        var id = NamedIds.PasswordOf(Anna).Value;
        _model.Put(id, new AuthenticatorSpec(Anna, new PasswordProof(cheap)));
        _silo.MustBeTaken(await _silo.Enter("Anna", LoginStage.Password));
        var spec = (AuthenticatorSpec)_model.Find(EntityKind.Of<AuthenticatorSpec>(), EntityId.Parse(id))!.Spec;
        Assert.Equal(100_000, spec.Password!.Hash!.Iterations);
        _silo.MustBeTaken(await _silo.Enter("Anna", LoginStage.Password));
    }

    [Fact]
    public async Task Logins_go_on_while_the_database_is_away()
    {
        _model.IsAway = true;
        _silo.MustBeTaken(await _silo.Enter("Anna", LoginStage.Password));
    }

    [Fact]
    public async Task A_silo_that_starts_while_the_database_is_away_goes_on_with_the_key_that_it_has()
    {
        _model.IsAway = true;
        using var again = new LoginStage(_model, _clock, _folder);
        Assert.False(await again.Keys.Turn(default));
        again.MustBeTaken(await again.Enter("Anna", LoginStage.Password));
        Assert.Single(Directory.GetFiles(_folder["silo-1"]));
    }

    [Fact]
    public async Task A_silo_without_a_key_says_later_and_never_signs_with_one_that_nobody_has()
    {
        _model.IsAway = true;
        using var other = new LoginStage(_model, _clock, _folder, "silo-2");
        Assert.False(await other.Keys.Turn(default));
        Assert.Equal(LoginAnswer.NotNow, await other.Enter("Anna", LoginStage.Password));
        _model.IsAway = false;
        Assert.True(await other.Keys.Turn(default));
        Assert.Equal(LoginAnswer.NotNow, await other.Enter("Anna", LoginStage.Password));
        _clock.Advance(TimeSpan.FromSeconds(2));
        other.MustBeTaken(await other.Enter("Anna", LoginStage.Password));
    }

    [Fact]
    public async Task A_silo_that_starts_again_goes_on_with_its_key_and_one_without_its_folder_makes_another()
    {
        var before = await _silo.Enter("Anna", LoginStage.Password);
        using var again = new LoginStage(_model, _clock, _folder);
        Assert.True(await again.Keys.Turn(default));
        again.MustBeTaken(await again.Enter("Anna", LoginStage.Password));
        Assert.Single(_model.List(EntityKind.Of<SigningKeySpec>()));

        using var elsewhere = new TestFolder("login");
        using var lost = new LoginStage(_model, _clock, elsewhere);
        Assert.True(await lost.Keys.Turn(default));
        _clock.Advance(TimeSpan.FromSeconds(2));
        lost.MustBeTaken(await lost.Enter("Anna", LoginStage.Password));
        lost.MustBeTaken(before); // What it signed before is still good.
    }

    [Fact]
    public async Task A_key_that_was_withdrawn_is_deleted_and_its_tokens_are_void()
    {
        var before = await _silo.Enter("Anna", LoginStage.Password);
        var entity = _model.List(EntityKind.Of<SigningKeySpec>()).Single();
        await _model.Write("test", [ModelChange.Delete(entity)], default);
        Assert.Equal(
            TokenRefusal.UnknownKey,
            _silo.Verifier.Verify(before.Token!.Text, _model.Trust, TokenAudience.Silos).Refusal);
        Assert.True(await _silo.Keys.Turn(default));
        Assert.NotEqual(entity.Id, _model.List(EntityKind.Of<SigningKeySpec>()).Single().Id);
        Assert.Single(Directory.GetFiles(_folder["silo-1"]));
    }

    [Fact]
    public async Task Keys_are_files_that_only_their_owner_reads_and_a_damaged_one_is_replaced()
    {
        var file = Assert.Single(Directory.GetFiles(_folder["silo-1"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.WriteAllBytes(file, [1, 2, 3]);
        using var again = new LoginStage(_model, _clock, _folder);
        Assert.True(await again.Keys.Turn(default));
        Assert.NotEqual(file, Assert.Single(Directory.GetFiles(_folder["silo-1"])));
        _clock.Advance(TimeSpan.FromSeconds(2));
        again.MustBeTaken(await again.Enter("Anna", LoginStage.Password));
    }

    [Fact]
    public async Task An_enrolment_token_sets_a_password_once()
    {
        var text = Enrol("bert");
        Assert.Equal(
            LoginRefusal.BadPassword, (await _silo.Enrolments.Enter(text, "short", null, default)).Refusal);
        var token = _silo.MustBeTaken(await _silo.Enrolments.Enter(text, "a new long password", null, default));
        Assert.Equal(EntityId.Parse("bert"), token.Identity);
        _silo.MustBeTaken(await _silo.Enter("Bert", "a new long password"));
        var again = await _silo.Enrolments.Enter(text, "another long password", null, default);
        Assert.Equal(LoginRefusal.Used, again.Refusal);
        _silo.MustBeTaken(await _silo.Enter("Bert", "a new long password"));
    }

    [Fact]
    public async Task Of_two_that_spend_it_at_once_one_gets_in()
    {
        var text = Enrol("bert");
        LoginAnswer? first = null;
        _model.BeforeWrite = () => first = _silo.Enrolments.Enter(
            text, null, null, default).GetAwaiter().GetResult(); // Between the other's reading and writing.
        var second = await _silo.Enrolments.Enter(text, null, null, default);
        _silo.MustBeTaken(first!);
        Assert.Equal(LoginRefusal.Used, second.Refusal);
    }

    [Fact]
    public async Task A_late_or_foreign_enrolment_token_changes_nothing()
    {
        var text = Enrol("bert");
        var writes = _model.Writes;
        foreach (var wrong in new[] { "", "aen_none.x", text[..^1] + (text[^1] is 'A' ? 'Q' : 'A'), text + "x" })
            Assert.Equal(LoginAnswer.Wrong, await _silo.Enrolments.Enter(wrong, null, null, default));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(LoginRefusal.Expired, (await _silo.Enrolments.Enter(text, null, null, default)).Refusal);
        Assert.Equal(writes, _model.Writes);
    }

    [Fact]
    public async Task With_the_database_away_an_enrolment_token_is_not_spent()
    {
        var text = Enrol("bert");
        _model.IsAway = true;
        Assert.Equal(LoginAnswer.NotNow, await _silo.Enrolments.Enter(text, null, null, default));
        _model.IsAway = false;
        _silo.MustBeTaken(await _silo.Enrolments.Enter(text, null, null, default));
    }

    [Fact]
    public async Task An_account_elsewhere_logs_in_one_identity_and_the_same_subject_of_another_signer_nobody()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Signer("corporate", "https://a.example", key);
        Signer("partner", "https://b.example", key);
        var spec = TokenBench.Holder(IdentityType.Person, [BuiltInRoles.Viewer]) with
        {
            External = new ExternalAccount(EntityId.Parse("corporate"), "00u1"),
        };
        _model.Put("carla", spec, "Carla");
        var token = _silo.MustBeTaken(await External("https://a.example", key));
        Assert.Equal(EntityId.Parse("carla"), token.Identity);
        Assert.Equal(LoginAnswer.Wrong, await External("https://b.example", key));
        Assert.Equal(LoginAnswer.Wrong, await External("https://c.example", key));
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(LoginAnswer.Wrong, await External("https://a.example", other));
        // Two identities with one account: neither.
        _model.Put("carlo", spec, "Carlo");
        Assert.Equal(LoginAnswer.Wrong, await External("https://a.example", key));
    }

    [Fact]
    public async Task One_address_is_slowed_down_whatever_it_sends()
    {
        var from = IPAddress.Parse("192.0.2.1");
        for (var n = 0; n < LoginStage.Options.AddressBurst; n++)
            await _silo.Enrolments.Enter("x", null, from, default);
        Assert.Equal(LoginRefusal.Later, (await _silo.Enrolments.Enter("x", null, from, default)).Refusal);
        Assert.Equal(
            LoginRefusal.Later, (await _silo.Passwords.Enter("Anna", LoginStage.Password, from, default)).Refusal);
        Assert.Equal(LoginRefusal.Later, (await _silo.Externals.Enter("x", from, default)).Refusal);
        _silo.MustBeTaken(await _silo.Passwords.Enter(
            "Anna", LoginStage.Password, IPAddress.Parse("192.0.2.2"), default));
    }

    private string Enrol(string id)
    {
        var name = char.ToUpperInvariant(id[0]) + id[1..];
        _model.Put(id, TokenBench.Holder(IdentityType.Person, [BuiltInRoles.Viewer]), name);
        var (text, proof) = EnrolmentTokens.Issue(EntityId.Parse($"{id}-1"), _clock.GetUtcNow().AddHours(1));
        _model.Put($"{id}-1", new AuthenticatorSpec(EntityId.Parse(id), Enrolment: proof));
        return text;
    }

    private void Signer(string id, string issuer, ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        var (x, y) = (TokenBench.Encode(point.X), TokenBench.Encode(point.Y));
        _model.Put(id, new ExternalSignerSpec(
            issuer, "aedile", Keys: [$$"""{"kty":"EC","kid":"k","crv":"P-256","x":"{{x}}","y":"{{y}}"}"""]));
    }

    private Task<LoginAnswer> External(string issuer, ECDsa key)
    {
        var exp = _clock.GetUtcNow().ToUnixTimeSeconds() + 60;
        var claims = $$"""{"iss":"{{issuer}}","aud":"aedile","sub":"00u1","exp":{{exp}}}""";
        var text = $"{Part("""{"alg":"ES256","kid":"k"}""")}.{Part(claims)}";
        var signature = key.SignData(
            Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return _silo.Externals.Enter($"{text}.{Base64Url.EncodeToString(signature)}", null, default);

        static string Part(string json) => TokenBench.Encode(Encoding.UTF8.GetBytes(json));
    }
}
