using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Aedile.Client.Fleet;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Tests.Support;

namespace Aedile.Tests.Identity;

/// <summary>A fleet of one key with a person, an agent and a silo, and whatever tokens a test wants to sign.</summary>
internal sealed class TokenBench
{
    public static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly FleetId Fleet = FleetId.Parse("f1");
    public static readonly EntityId PersonId = EntityId.Parse("anna");
    public static readonly EntityId AgentId = EntityId.Parse("agent-n1");
    public static readonly EntityId SiloId = EntityId.Parse("silo-1");
    public static readonly NodeName Node = NodeName.Parse("n1");
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private int _tokens;

    public TokenBench()
    {
        Public = VerificationKey.Of(Key);
        Trust = TrustView.Empty(Fleet, Skew)
            .After(EntityId.Parse("key"), null, Spec(Public))
            .After(PersonId, null, Holder(IdentityType.Person, [BuiltInRoles.Operator]))
            .After(AgentId, null, Holder(IdentityType.Agent, [BuiltInRoles.Agent], Node))
            .After(SiloId, null, Holder(IdentityType.Silo, []));
        Verifier = new TokenVerifier(Clock);
    }

    public ManualTime Clock { get; } = new(Start);

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public VerificationKey Public { get; }

    public TrustView Trust { get; set; }

    public TokenVerifier Verifier { get; }

    public static SigningKeySpec Spec(VerificationKey key) => new(
        key.Id, key.Text, "silo-1", Start, Start.AddDays(30), Start.AddDays(60));

    public static IdentitySpec Holder(
        IdentityType type, EntityId[] roles, NodeName? node = null, bool disabled = false) =>
        new(type, [.. roles], [], disabled, node);

    public AccessToken Token() => new(
        Fleet, PersonId, TokenKind.Access, TokenAudience.Silos, [BuiltInRoles.Operator], NextId(), Clock.GetUtcNow(),
        Clock.GetUtcNow(), Clock.GetUtcNow() + Life);

    public AccessToken AgentToken() => Token() with
    {
        Identity = AgentId, Kind = TokenKind.Agent, Node = Node, Roles = [BuiltInRoles.Agent],
    };

    public TokenId NextId() => TokenId.From(new Guid(++_tokens, 0, 0, new byte[8]));

    public string Sign(AccessToken token) => TokenText.Sign(token, Public.Id, Key);

    /// <summary>Signs whatever it is given, as only a silo with a bug could.</summary>
    public string SignRaw(string header, string payload)
    {
        var text = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(payload))}";
        var signature = Key.SignData(
            Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{text}.{Encode(signature)}";
    }

    public string Header => $$"""{"alg":"ES256","kid":"{{Public.Id}}"}""";

    public string Payload(string? instead = null, string? by = null)
    {
        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Sign(Token()).Split('.')[1]));
        if (instead is null) return text;
        Assert.Contains(instead, text, StringComparison.Ordinal);
        return text.Replace(instead, by, StringComparison.Ordinal);
    }

    public TokenRefusal? RefusalOf(string text, string audience = TokenAudience.Silos, Fingerprint? shown = null)
    {
        var first = Verifier.Verify(text, Trust, audience, shown);
        var second = Verifier.Verify(text, Trust, audience, shown);
        Assert.Equal(first.Refusal, second.Refusal); // What is remembered never changes a verdict.
        Assert.True(first.Token is null != (first.Refusal is null));
        return first.Refusal;
    }

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
