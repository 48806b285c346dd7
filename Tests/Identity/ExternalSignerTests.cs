using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity.External;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static Aedile.Tests.Identity.TokenBench;

namespace Aedile.Tests.Identity;

/// <summary>Goal: a provider's token logs in whom it names, here, now, and by that provider's own keys alone.</summary>
public sealed class ExternalSignerTests : IDisposable
{
    private static readonly DateTimeOffset Now = TokenBench.Start;
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);
    private static readonly EntityId Id = EntityId.Parse("corporate");
    private static readonly ExternalSignerSpec Signer = new(
        "https://login.example.org", "aedile", new Uri("https://login.example.org/keys"));

    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ManualTime _clock = new(Now);
    private readonly ScriptedFetch _fetch = new();

    private static string Claims => $$"""
        {"iss":"https://login.example.org","aud":"aedile","sub":"00u1","exp":{{Now.ToUnixTimeSeconds() + 300}}}
        """.Trim();

    public void Dispose()
    {
        _ec.Dispose();
        _rsa.Dispose();
    }

    [Theory]
    [InlineData("ES256", "ec")]
    [InlineData("RS256", "rsa")]
    public void A_token_of_either_algorithm_names_the_account(string algorithm, string kid)
    {
        var token = ExternalToken.Parse(Sign(algorithm, kid, Claims))!;
        Assert.Equal(("00u1", null), token.Judge(Signer, Keys()[kid], Now, Skew));
        Assert.Equal("https://login.example.org", token.Issuer);
    }

    [Fact]
    public void The_key_decides_the_algorithm()
    {
        var hmac = Raw("HS256", "rsa", Claims, text => HMACSHA256.HashData(_rsa.ExportRSAPublicKey(), text));
        Assert.Equal(TokenRefusal.WrongAlgorithm, RefusalOf(hmac, "rsa"));
        Assert.Equal(TokenRefusal.WrongAlgorithm, RefusalOf(Raw("none", "rsa", Claims, _ => [0]), "rsa"));
        Assert.Equal(TokenRefusal.WrongAlgorithm, RefusalOf(Sign("RS256", "ec", Claims), "ec"));
        Assert.Equal(TokenRefusal.BadSignature, RefusalOf(Raw("ES256", "ec", Claims, _ => new byte[64]), "ec"));
        Assert.Equal(TokenRefusal.BadSignature, RefusalOf(Raw("RS256", "rsa", Claims, _ => new byte[256]), "rsa"));
    }

    [Fact]
    public void Each_claim_is_looked_at()
    {
        var seconds = Now.ToUnixTimeSeconds();
        (string Instead, string By, TokenRefusal Refusal)[] wrong =
        [
            ("https://login.example.org", "https://other.example.org", TokenRefusal.OtherFleet),
            ("https://login.example.org", "https://login.example.org/", TokenRefusal.OtherFleet),
            ("\"aedile\"", "\"other\"", TokenRefusal.WrongAudience),
            ("\"aud\"", "\"x\"", TokenRefusal.WrongAudience), ("\"aedile\"", "[]", TokenRefusal.WrongAudience),
            ("\"aedile\"", "[\"aedile\",\"other\"]", TokenRefusal.WrongAudience),
            ("\"aedile\"", "[\"aedile\",\"other\"],\"azp\":\"other\"", TokenRefusal.WrongAudience),
            ($"{seconds + 300}", $"{seconds - 30}", TokenRefusal.Expired),
            ("\"exp\"", "\"x\"", TokenRefusal.Malformed), ($"{seconds + 300}", "\"never\"", TokenRefusal.Malformed),
            ($"{seconds + 300}", "1e400", TokenRefusal.Malformed), ($"{seconds + 300}", "-1", TokenRefusal.Malformed),
            ("\"sub\"", $"\"nbf\":{seconds + 31},\"sub\"", TokenRefusal.NotYetValid),
            ("\"sub\"", $"\"iat\":{seconds + 31},\"sub\"", TokenRefusal.NotYetValid),
            ("\"sub\":\"00u1\"", "\"sub\":7", TokenRefusal.Malformed),
            ("\"sub\":\"00u1\"", "\"sub\":\"\"", TokenRefusal.Malformed),
            ("\"sub\":\"00u1\"", "\"sub\":\"a b\"", TokenRefusal.Malformed),
            ("\"sub\":\"00u1\"", "\"sub\":\"\\ud800\"", TokenRefusal.Malformed),
        ];
        Assert.All(wrong, one => Assert.Equal(
            one.Refusal, RefusalOf(Sign("ES256", "ec", Replace(one.Instead, one.By)), "ec")));
        Assert.Null(RefusalOf(Sign("ES256", "ec", Replace("\"aedile\"", "[\"aedile\"]")), "ec"));
        Assert.Null(RefusalOf(
            Sign("ES256", "ec", Replace("\"aedile\"", "[\"b\",\"aedile\"],\"azp\":\"aedile\"")), "ec"));
        Assert.Null(RefusalOf(Sign("ES256", "ec", Replace($"{seconds + 300}", $"{seconds + 300}.5")), "ec"));
    }

    [Theory]
    [InlineData("\"crit\":[\"exp\"]")]
    [InlineData("\"b64\":false")]
    [InlineData("\"alg\":\"ES256\"")]
    public void A_header_that_asks_for_more_is_refused(string member)
    {
        var header = $$"""{"alg":"ES256","kid":"ec",{{member}}}""";
        Assert.Null(ExternalToken.Parse(
            $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode("{}"u8)}.AAAA"));
    }

    [Fact]
    public void A_set_of_keys_has_one_form_and_keys_that_we_cannot_use_are_left_out()
    {
        var set = ExternalKeys.Read(Encoding.UTF8.GetBytes($$"""
            {"keys":[{{EcJson("ec")}},{{RsaJson("rsa")}},{"kty":"oct","kid":"s","k":"AAAA"},{"kid":"x"},7,
             {"kty":"EC","kid":"p","crv":"P-521","x":"AA","y":"AA"},
             {{EcJson("e").Replace("\"sig\"", "\"enc\"", StringComparison.Ordinal)}},
             {"kty":"RSA","kid":"short","n":"AAAA","e":"AQAB"}],"more":1}
            """));
        Assert.Equal(["ec", "rsa"], set!.Keys.Order());
        string[] none =
        [
            "", "[]", "{}", """{"keys":{}}""", """{"keys":[]}""", """{"keys":[],"keys":[]}""", "\u0000",
            $$"""{"keys":[{{EcJson("a")}},{{RsaJson("a")}}]}""",
            $$"""{"keys":[{{string.Join(',', Enumerable.Range(0, 65).Select(n => EcJson($"k{n}")))}}]}""",
        ];
        Assert.All(none, text => Assert.Null(ExternalKeys.Read(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void A_point_that_is_not_on_the_curve_verifies_nothing()
    {
        var zeros = Encode(new byte[32]);
        var key = ExternalKey.Read($$"""{"kty":"EC","kid":"a","crv":"P-256","x":"{{zeros}}","y":"{{zeros}}"}""");
        Assert.False(key?.Verify("text"u8, new byte[64]) ?? false);
    }

    [Fact]
    public async Task Keys_are_fetched_once_for_all_that_wait_and_kept()
    {
        var keys = Keys(out var body);
        var all = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => keys.Find(Id, Signer, "ec", default)));
        _fetch.Answer(body);
        Assert.All(await all, key => Assert.Equal("ES256", key!.Algorithm));
        Assert.NotNull(await keys.Find(Id, Signer, "rsa", default));
        Assert.Equal(1, _fetch.Count);
    }

    [Fact]
    public async Task An_unknown_key_makes_us_ask_again_but_not_often()
    {
        var keys = Keys(out var body);
        _fetch.Answer(body);
        Assert.Null(await keys.Find(Id, Signer, "new", default));
        Assert.Null(await keys.Find(Id, Signer, "new", default));
        Assert.Equal(1, _fetch.Count);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _fetch.Answer(body.Replace("\"rsa\"", "\"new\"", StringComparison.Ordinal));
        Assert.NotNull(await keys.Find(Id, Signer, "new", default));
        Assert.Null(await keys.Find(Id, Signer, "rsa", default)); // Withdrawn by its signer.
        Assert.Equal(2, _fetch.Count);
    }

    [Fact]
    public async Task Old_keys_serve_while_new_ones_cannot_be_had_and_not_for_ever()
    {
        var keys = Keys(out var body);
        _fetch.Answer(body);
        Assert.NotNull(await keys.Find(Id, Signer, "ec", default));
        _clock.Advance(TimeSpan.FromHours(1));
        _fetch.Answer(null);
        Assert.NotNull(await keys.Find(Id, Signer, "ec", default));
        Assert.Equal(2, _fetch.Count);
        _clock.Advance(TimeSpan.FromHours(23));
        _fetch.Answer("no keys");
        Assert.Null(await keys.Find(Id, Signer, "ec", default));
        _clock.Advance(TimeSpan.FromMinutes(1));
        _fetch.Answer(body);
        Assert.NotNull(await keys.Find(Id, Signer, "ec", default));
    }

    [Fact]
    public async Task A_signer_that_was_moved_is_asked_at_its_new_address_and_given_keys_are_never_fetched()
    {
        var keys = Keys(out var body);
        _fetch.Answer(body);
        Assert.NotNull(await keys.Find(Id, Signer, "ec", default));
        var moved = Signer with { JwksUri = new Uri("https://elsewhere.example.org/keys") };
        _fetch.Answer(null);
        Assert.Null(await keys.Find(Id, moved, "ec", default));
        Assert.Equal("elsewhere.example.org", _fetch.Last!.Host);
        var given = Signer with { JwksUri = null, Keys = [EcJson("ec")] };
        Assert.NotNull(await keys.Find(Id, given, "ec", default));
        Assert.Equal(2, _fetch.Count);
    }

    private SignerKeys Keys(out string body)
    {
        body = $$"""{"keys":[{{EcJson("ec")}},{{RsaJson("rsa")}}]}""";
        return new SignerKeys(_fetch, new ExternalSignerOptions(), _clock, NullLogger<SignerKeys>.Instance);
    }

    private TokenRefusal? RefusalOf(string text, string kid) =>
        ExternalToken.Parse(text)!.Judge(Signer, Keys()[kid], Now, Skew).Refusal;

    private ImmutableDictionary<string, ExternalKey> Keys() =>
        ExternalKeys.ById([ExternalKey.Read(EcJson("ec")), ExternalKey.Read(RsaJson("rsa"))])!;

    private static string Replace(string instead, string by)
    {
        Assert.Contains(instead, Claims, StringComparison.Ordinal);
        return Claims.Replace(instead, by, StringComparison.Ordinal);
    }

    private string Sign(string algorithm, string kid, string claims) => Raw(algorithm, kid, claims, text =>
        algorithm is "ES256"
            ? _ec.SignData(text, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            : _rsa.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private static string Raw(string algorithm, string kid, string claims, Func<byte[], byte[]> sign)
    {
        var header = $$"""{"alg":"{{algorithm}}","kid":"{{kid}}","typ":"JWT"}""";
        var text = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        return $"{text}.{Encode(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    private string EcJson(string kid)
    {
        var point = _ec.ExportParameters(false).Q;
        var (x, y) = (Encode(point.X), Encode(point.Y));
        return $$"""{"kty":"EC","use":"sig","kid":"{{kid}}","crv":"P-256","x":"{{x}}","y":"{{y}}"}""";
    }

    private string RsaJson(string kid)
    {
        var key = _rsa.ExportParameters(false);
        var (n, e) = (Encode(key.Modulus), Encode(key.Exponent));
        return $$"""{"kty":"RSA","kid":"{{kid}}","n":"{{n}}","e":"{{e}}"}""";
    }

    private sealed class ScriptedFetch : IKeyFetch
    {
        private readonly Queue<TaskCompletionSource<byte[]?>> _waiting = [];
        private readonly Queue<byte[]?> _answers = [];
        private readonly Lock _lock = new();

        public int Count { get; private set; }

        public Uri? Last { get; private set; }

        public void Answer(string? body)
        {
            var bytes = body is null ? null : Encoding.UTF8.GetBytes(body);
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out var waiting)) _answers.Enqueue(bytes);
                else waiting.SetResult(bytes);
            }
        }

        public async Task<(byte[]? Body, string Why)> Fetch(Uri address, CancellationToken cancellation)
        {
            var source = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                (Count, Last) = (Count + 1, address);
                if (_answers.TryDequeue(out var answer)) source.SetResult(answer);
                else _waiting.Enqueue(source);
            }
            return (await source.Task, "it is away");
        }
    }
}
