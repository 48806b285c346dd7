using System.Security.Cryptography;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using static Aedile.Tests.Identity.TokenBench;

namespace Aedile.Tests.Identity;

/// <summary>Goal: a token is taken exactly when it should be, and the reason for a refusal is the right one.</summary>
public sealed class TokenVerifierTests
{
    private readonly TokenBench _bench = new();

    [Fact]
    public void A_good_token_is_taken_with_all_that_it_says()
    {
        var token = _bench.Token();
        var verdict = _bench.Verifier.Verify(_bench.Sign(token), _bench.Trust, TokenAudience.Silos);

        Assert.Null(verdict.Refusal);
        Assert.Equal(token.Roles, verdict.Token!.Roles);
        Assert.Equal(token, verdict.Token with { Roles = token.Roles });
    }

    [Fact]
    public void An_agent_s_token_says_its_node_and_a_bound_one_its_certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var bound = Fingerprint.Parse(VerificationKey.Of(key).Id.Value);
        var token = _bench.AgentToken() with { Certificate = bound };

        Assert.Null(_bench.RefusalOf(_bench.Sign(token), shown: bound));
        Assert.Equal(TokenRefusal.WrongCertificate, _bench.RefusalOf(_bench.Sign(token)));
        Assert.Equal(
            TokenRefusal.WrongCertificate,
            _bench.RefusalOf(_bench.Sign(token), shown: Fingerprint.Parse(_bench.Public.Id.Value)));
    }

    [Fact]
    public void It_expires_one_skew_after_its_time_and_not_before()
    {
        var text = _bench.Sign(_bench.Token());
        _bench.Clock.Advance(Life + Skew - TimeSpan.FromTicks(1));
        Assert.Null(_bench.RefusalOf(text));
        _bench.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(TokenRefusal.Expired, _bench.RefusalOf(text));
    }

    [Fact]
    public void A_token_of_the_future_is_taken_within_the_skew_only()
    {
        var now = _bench.Clock.GetUtcNow();
        var near = _bench.Token() with { IssuedAt = now + Skew, NotBefore = now + Skew };
        Assert.Null(_bench.RefusalOf(_bench.Sign(near)));
        var late = TimeSpan.FromSeconds(1);
        Assert.Equal(
            TokenRefusal.NotYetValid, _bench.RefusalOf(_bench.Sign(near with { NotBefore = now + Skew + late })));
        Assert.Equal(
            TokenRefusal.NotYetValid, _bench.RefusalOf(_bench.Sign(near with { IssuedAt = now + Skew + late })));
    }

    [Fact]
    public void Another_fleet_s_or_another_audience_s_token_is_refused()
    {
        var token = _bench.Token();
        Assert.Equal(
            TokenRefusal.OtherFleet, _bench.RefusalOf(_bench.Sign(token with { Fleet = FleetId.Parse("f2") })));
        Assert.Equal(TokenRefusal.WrongAudience, _bench.RefusalOf(_bench.Sign(token), TokenAudience.AgentOf(Node)));
        var command = token with
        {
            Identity = SiloId, Kind = TokenKind.Silo, Roles = [], Audience = TokenAudience.AgentOf(Node),
        };
        Assert.Null(_bench.RefusalOf(_bench.Sign(command), TokenAudience.AgentOf(Node)));
        Assert.Equal(
            TokenRefusal.WrongAudience,
            _bench.RefusalOf(_bench.Sign(command), TokenAudience.AgentOf(NodeName.Parse("n2"))));
    }

    [Fact]
    public void A_key_that_is_not_the_fleet_s_is_unknown_and_a_false_kid_does_not_help()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var stranger = VerificationKey.Of(key);
        Assert.Equal(TokenRefusal.UnknownKey, _bench.RefusalOf(TokenText.Sign(_bench.Token(), stranger.Id, key)));
        Assert.Equal(
            TokenRefusal.BadSignature, _bench.RefusalOf(TokenText.Sign(_bench.Token(), _bench.Public.Id, key)));
    }

    [Fact]
    public void A_withdrawn_key_s_tokens_are_refused_even_when_they_were_seen_before()
    {
        var text = _bench.Sign(_bench.Token());
        Assert.Null(_bench.RefusalOf(text));
        _bench.Trust = _bench.Trust.After(EntityId.Parse("key"), Spec(_bench.Public), null);
        Assert.Equal(TokenRefusal.UnknownKey, _bench.RefusalOf(text));
    }

    [Fact]
    public void A_key_counts_only_for_tokens_that_it_could_have_signed()
    {
        var spec = Spec(_bench.Public);
        Set(spec with { NotBefore = Start.AddHours(1) });
        Assert.Equal(TokenRefusal.UnknownKey, _bench.RefusalOf(_bench.Sign(_bench.Token())));
        Set(spec with { NotBefore = Start.AddHours(-2), SignsUntil = Start.AddHours(-1) });
        Assert.Equal(TokenRefusal.UnknownKey, _bench.RefusalOf(_bench.Sign(_bench.Token())));
        // A stolen key can't make tokens that outlive it.
        Set(spec with { SignsUntil = Start.AddHours(1), NotAfter = Start.AddHours(1) });
        Assert.Equal(
            TokenRefusal.UnknownKey,
            _bench.RefusalOf(_bench.Sign(_bench.Token() with { ExpiresAt = Start.AddHours(2) })));
        Assert.Null(_bench.RefusalOf(_bench.Sign(_bench.Token())));

        void Set(SigningKeySpec changed) => _bench.Trust = _bench.Trust.After(EntityId.Parse("key"), spec, changed);
    }

    [Fact]
    public void A_revoked_token_is_refused_and_only_that_one()
    {
        var (taken, other) = (_bench.Token(), _bench.Token());
        Assert.Null(_bench.RefusalOf(_bench.Sign(taken)));
        var spec = new RevocationSpec(taken.ExpiresAt, Token: taken.Id);
        _bench.Trust = _bench.Trust.After(EntityId.Parse("r1"), null, spec);
        Assert.Equal(TokenRefusal.Revoked, _bench.RefusalOf(_bench.Sign(taken)));
        Assert.Null(_bench.RefusalOf(_bench.Sign(other)));
        // Two revocations of one token: taking one of them back changes nothing.
        _bench.Trust = _bench.Trust.After(EntityId.Parse("r2"), null, spec).After(EntityId.Parse("r1"), spec, null);
        Assert.Equal(TokenRefusal.Revoked, _bench.RefusalOf(_bench.Sign(taken)));
        _bench.Trust = _bench.Trust.After(EntityId.Parse("r2"), spec, null);
        Assert.Null(_bench.RefusalOf(_bench.Sign(taken)));
    }

    [Fact]
    public void Revoking_an_identity_refuses_what_it_had_and_not_what_it_gets_later()
    {
        var text = _bench.Sign(_bench.Token());
        var agent = _bench.Sign(_bench.AgentToken());
        _bench.Trust = _bench.Trust.After(
            EntityId.Parse("r1"), null, new RevocationSpec(Start + Life, Identity: PersonId, IssuedBefore: Start));
        Assert.Equal(TokenRefusal.Revoked, _bench.RefusalOf(text));
        Assert.Null(_bench.RefusalOf(agent));
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_bench.RefusalOf(_bench.Sign(_bench.Token())));
    }

    [Fact]
    public void A_disabled_or_deleted_identity_s_tokens_are_refused()
    {
        var text = _bench.Sign(_bench.Token());
        var spec = Holder(IdentityType.Person, [BuiltInRoles.Operator]);
        Assert.Null(_bench.RefusalOf(text));
        var disabled = _bench.Trust.After(PersonId, spec, spec with { Disabled = true });
        Assert.Equal(
            TokenRefusal.IdentityDisabled, _bench.Verifier.Verify(text, disabled, TokenAudience.Silos).Refusal);
        var gone = _bench.Trust.After(PersonId, spec, null);
        Assert.Equal(TokenRefusal.UnknownIdentity, _bench.Verifier.Verify(text, gone, TokenAudience.Silos).Refusal);
        Assert.Null(_bench.RefusalOf(text));
    }

    [Fact]
    public void A_token_fits_its_holder()
    {
        var agent = _bench.AgentToken();
        Assert.Null(_bench.RefusalOf(_bench.Sign(agent)));
        foreach (var wrong in new[]
        {
            agent with { Node = NodeName.Parse("n2") }, agent with { Identity = PersonId },
            _bench.Token() with { Identity = AgentId }, _bench.Token() with { Kind = TokenKind.Silo },
        })
            Assert.Equal(TokenRefusal.UnknownIdentity, _bench.RefusalOf(_bench.Sign(wrong)));
    }

    [Fact]
    public void What_is_remembered_has_a_bound_and_verdicts_stay_right_when_it_turns_over()
    {
        var verifier = new TokenVerifier(_bench.Clock, rememberedMax: 4);
        var texts = Enumerable.Range(0, 40).Select(_ => _bench.Sign(_bench.Token())).ToList();
        foreach (var text in (string[])[.. texts, .. texts.AsEnumerable().Reverse()])
            Assert.Null(verifier.Verify(text, _bench.Trust, TokenAudience.Silos).Refusal);

        Assert.InRange(verifier.Remembered, 1, 8);
    }
}
