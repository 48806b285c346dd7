using System.Collections.Immutable;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Passwords;

namespace Aedile.Tests.Identity;

/// <summary>Goal: the kinds of identity survive JSON, keep their rules, and show readers no secret.</summary>
public sealed class SpecTests
{
    private static readonly DateTimeOffset Now = TokenBench.Start;
    private static readonly PasswordHash Hash = new PasswordHasher(100_000).Hash("correct horse battery");
    private static readonly VerificationKey Key = NewKey();

    private static readonly ImmutableArray<EntitySpec> Good =
    [
        new IdentitySpec(
            IdentityType.Person, [BuiltInRoles.Operator, BuiltInRoles.Viewer], ["builders", "zone-a"], true, null,
            new ExternalAccount(EntityId.Parse("corporate"), "00u1a2b3")),
        new IdentitySpec(IdentityType.Agent, [BuiltInRoles.Agent], [], false, NodeName.Parse("n1")),
        new RoleSpec([Permission.Parse("repositories:write"), Permission.Parse("*:read")]),
        new AuthenticatorSpec(TokenBench.PersonId, Password: new PasswordProof(Hash, Now, 2)),
        new AuthenticatorSpec(
            TokenBench.PersonId, Certificate: new CertificateProof(Fingerprint.Parse(Key.Id.Value), Now)),
        new AuthenticatorSpec(TokenBench.PersonId, Enrolment: EnrolmentTokens.Issue(TokenBench.PersonId, Now).Proof),
        TokenBench.Spec(Key),
        new ExternalSignerSpec("https://login.example.org", "aedile", new Uri("https://login.example.org/keys")),
        new ExternalSignerSpec("https://login.example.org", "aedile", Keys: ["{}"], SubjectClaim: "oid"),
        new RevocationSpec(Now, Token: new TokenBench().NextId()),
        new RevocationSpec(Now, Identity: TokenBench.PersonId, IssuedBefore: Now),
    ];

    [Fact]
    public void Every_spec_comes_back_from_json_as_it_was() =>
        Assert.All(Good, spec =>
        {
            var text = JsonSerializer.Serialize(spec, spec.GetType(), Wire.Json);
            var back = JsonSerializer.Deserialize(text, spec.GetType(), Wire.Json)!;
            Assert.Equal(text, JsonSerializer.Serialize(back, spec.GetType(), Wire.Json));
            Assert.Empty(IdentityRules.FaultsOf((EntitySpec)back));
        });

    [Fact]
    public void A_member_that_nobody_knows_is_refused() =>
        Assert.All(Good, spec =>
        {
            var text = JsonSerializer.Serialize(spec, spec.GetType(), Wire.Json);
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(
                text.Insert(1, "\"surprise\":1,"), spec.GetType(), Wire.Json));
        });

    [Fact]
    public void Every_kind_has_a_name_of_its_own()
    {
        var kinds = typeof(EntitySpec).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(EntitySpec)))
            .Select(type => type.GetCustomAttribute<EntityKindAttribute>()).ToList();
        Assert.DoesNotContain(null, kinds);
        Assert.Distinct(kinds.Select(kind => kind!.Name));
        Assert.Distinct(kinds.Select(kind => kind!.Plural));
    }

    [Fact]
    public void Readers_see_no_secret()
    {
        var secrets = Good.OfType<AuthenticatorSpec>()
            .SelectMany(spec => new[] { spec.Password?.Hash?.Salt, spec.Password?.Hash?.Value, spec.Enrolment?.Digest })
            .OfType<string>().ToList();
        Assert.Equal(3, secrets.Count);
        var shown = string.Concat(Good.Select(spec => spec is IHoldsSecrets holder ? holder.WithoutSecrets() : spec)
            .Select(spec => JsonSerializer.Serialize(spec, spec.GetType(), Wire.Json)));
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, shown, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_broken_rule_names_its_field()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var p384 = Convert.ToBase64String(other.ExportSubjectPublicKeyInfo()).TrimEnd('=')
            .Replace('+', '-').Replace('/', '_');
        var key = TokenBench.Spec(Key);
        var signer = new ExternalSignerSpec("https://a.example", "aedile", new Uri("https://a.example/keys"));
        var person = new IdentitySpec(IdentityType.Person, [], []);
        var somebody = TokenBench.PersonId;
        (EntitySpec Spec, string Field)[] broken =
        [
            (person with { Type = IdentityType.Unknown }, "type"), (person with { Type = (IdentityType)9 }, "type"),
            (person with { Type = IdentityType.Agent }, "node"), (person with { Node = NodeName.Parse("n1") }, "node"),
            (person with { Roles = [default] }, "roles"), (person with { Attributes = ["Not so"] }, "attributes"),
            (person with { External = new ExternalAccount(default, "x") }, "external"),
            (person with { External = new ExternalAccount(EntityId.Parse("s"), "a b") }, "external"),
            (new RoleSpec([]), "permissions"), (new RoleSpec([default]), "permissions"),
            (new AuthenticatorSpec(somebody), "password"),
            (new AuthenticatorSpec(default, Password: new PasswordProof(Hash)), "identity"),
            (new AuthenticatorSpec(
                somebody, new PasswordProof(Hash), Enrolment: new EnrolmentProof(Key.Id.Value, Now)), "password"),
            (new AuthenticatorSpec(somebody, new PasswordProof(null)), "password.hash"),
            (new AuthenticatorSpec(somebody, new PasswordProof(Hash with { Iterations = 1 })), "password.hash"),
            (new AuthenticatorSpec(
                somebody, new PasswordProof(Hash with { Iterations = int.MaxValue })), "password.hash"),
            (new AuthenticatorSpec(somebody, new PasswordProof(Hash with { Algorithm = "md5" })), "password.hash"),
            (new AuthenticatorSpec(somebody, new PasswordProof(Hash with { Salt = "" })), "password.hash"),
            (new AuthenticatorSpec(
                somebody, Certificate: new CertificateProof(default, Now)), "certificate.fingerprint"),
            (new AuthenticatorSpec(somebody, Enrolment: new EnrolmentProof("x", Now)), "enrolment.digest"),
            (key with { PublicKey = p384 }, "publicKey"), (key with { PublicKey = "" }, "publicKey"),
            (key with { PublicKey = NewKey().Text }, "kid"),
            (key with { SignsUntil = key.NotAfter.AddDays(1) }, "notAfter"),
            (signer with { Issuer = "http://a.example" }, "issuer"), (signer with { JwksUri = null }, "jwksUri"),
            (signer with { JwksUri = new Uri("http://a.example/keys") }, "jwksUri"),
            (signer with { JwksUri = new Uri("https://u:p@a.example/keys") }, "jwksUri"),
            (signer with { JwksUri = new Uri("/keys", UriKind.Relative) }, "jwksUri"),
            (signer with { Keys = ["{}"] }, "jwksUri"), (signer with { Audience = "" }, "audience"),
            (new RevocationSpec(Now), "token"), (new RevocationSpec(Now, Identity: somebody), "issuedBefore"),
            (new RevocationSpec(Now, new TokenBench().NextId(), somebody, Now), "token"),
            (new CertificateAuthoritySpec(default, "AAAA", "silo-1", Now, Now, Now), "certificate"),
        ];
        Assert.All(broken, one => Assert.Contains(one.Field, IdentityRules.FaultsOf(one.Spec).Select(f => f.Field)));
    }

    private static VerificationKey NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return VerificationKey.Of(key);
    }
}
