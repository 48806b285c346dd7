using System.Text;
using Aedile.Client.Identity;
using FsCheck;
using FsCheck.Fluent;
using static Aedile.Tests.Identity.TokenBench;

namespace Aedile.Tests.Identity;

/// <summary>
/// Goal: nothing but what a silo wrote is taken, however it is bent; and nothing makes the verifier fail.
/// </summary>
public sealed class HostileTokenTextTests
{
    private readonly TokenBench _bench = new();

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("ES384")]
    [InlineData("es256")]
    [InlineData("")]
    public void Every_algorithm_but_es256_is_refused(string algorithm)
    {
        var header = $$"""{"alg":"{{algorithm}}","kid":"{{_bench.Public.Id}}"}""";
        Assert.Equal(TokenRefusal.WrongAlgorithm, _bench.RefusalOf(_bench.SignRaw(header, _bench.Payload())));
        var unsigned = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(_bench.Payload()))}.";
        Assert.Equal(TokenRefusal.Malformed, _bench.RefusalOf(unsigned));
    }

    [Fact]
    public void A_header_with_anything_that_we_do_not_write_is_refused()
    {
        var kid = _bench.Public.Id;
        string[] headers =
        [
            "{}", """{"alg":"ES256"}""", $$"""{"kid":"{{kid}}"}""", """{"alg":"ES256","kid":"mine"}""",
            """{"alg":"ES256","kid":7}""", $$"""{"alg":["ES256"],"kid":"{{kid}}"}""",
            $$"""{"alg":"ES256","kid":"{{kid}}","crit":["exp"]}""",
            $$"""{"alg":"ES256","kid":"{{kid}}","crit":["b64"],"b64":false}""",
            $$"""{"alg":"ES256","kid":"{{kid}}","jku":"https://example.org/keys"}""",
            $$"""{"alg":"ES256","kid":"{{kid}}","jwk":{} }""", $$"""{"alg":"ES256","kid":"{{kid}}","zip":"DEF"}""",
            $$"""{"alg":"none","alg":"ES256","kid":"{{kid}}"}""",
            $$"""{"alg":"ES256","\u0061lg":"ES256","kid":"{{kid}}"}""",
            $$"""["ES256","{{kid}}"]""", "null", "\"ES256\"", "", "{", $$"""{"alg":"\ud800","kid":"{{kid}}"}""",
            $$"""{"\ud800":1,"alg":"ES256","kid":"{{kid}}"}""",
        ];
        Assert.All(headers, header => Assert.Equal(
            TokenRefusal.Malformed, _bench.RefusalOf(_bench.SignRaw(header, _bench.Payload()))));
        Assert.Null(_bench.RefusalOf(_bench.SignRaw(_bench.Header, _bench.Payload())));
    }

    [Theory]
    [InlineData("\"aud\":", "\"other\":")]
    [InlineData("\"iss\":\"f1\"", "\"iss\":\"f1\",\"iss\":\"f1\"")]
    [InlineData("\"iss\":\"f1\"", "\"iss\":1")]
    [InlineData("\"iss\":\"f1\"", "\"iss\":\"F1\"")]
    [InlineData("\"iss\":\"f1\"", "\"iss\":\"\\ud800\"")]
    [InlineData("\"sub\":\"anna\"", "\"sub\":\"\"")]
    [InlineData("\"sub\":\"anna\"", "\"sub\":null")]
    [InlineData("\"aud\":\"silos\"", "\"aud\":[\"silos\"]")]
    [InlineData("\"jti\":\"", "\"jti\":\"A")]
    [InlineData("\"kind\":\"access\"", "\"kind\":\"Access\"")]
    [InlineData("\"kind\":\"access\"", "\"kind\":\"unknown\"")]
    [InlineData("\"kind\":\"access\"", "\"kind\":\"agent\"")]
    [InlineData("\"kind\":\"access\"", "\"kind\":\"access\",\"node\":\"n1\"")]
    [InlineData("\"kind\":\"access\"", "\"kind\":\"access\",\"cnf\":{}")]
    [InlineData("\"kind\":\"access\"", "\"kind\":\"access\",\"cnf\":null")]
    [InlineData("\"roles\":[\"operator\"]", "\"roles\":\"operator\"")]
    [InlineData("\"roles\":[\"operator\"]", "\"roles\":[1]")]
    [InlineData("\"roles\":[\"operator\"]", "\"roles\":[\"\"]")]
    [InlineData("\"exp\":", "\"exp\":-")]
    [InlineData("\"exp\":", "\"exp\":9999999999")]
    [InlineData("\"exp\":", "\"exp\":1e3,\"x\":")]
    [InlineData("\"exp\":", "\"exp\":\"9\",\"x\":")]
    [InlineData("\"nbf\":", "\"nbf\":null,\"x\":")]
    [InlineData("\"iat\":", "\"x\":")]
    public void A_signed_token_with_a_claim_missing_twice_or_of_another_type_is_refused(string instead, string by) =>
        Assert.Equal(
            TokenRefusal.Malformed, _bench.RefusalOf(_bench.SignRaw(_bench.Header, _bench.Payload(instead, by))));

    [Fact]
    public void A_claim_that_a_newer_silo_adds_does_no_harm() =>
        Assert.Null(_bench.RefusalOf(
            _bench.SignRaw(_bench.Header, _bench.Payload("{\"iss\"", "{\"newer\":{\"a\":[1]},\"iss\""))));

    [Fact]
    public void A_text_has_one_way_to_be_written()
    {
        var good = _bench.Sign(_bench.Token());
        var parts = good.Split('.');
        string[] bent =
        [
            "", ".", "..", "...", good + ".", "." + good, good + "=", good[..^1], good + "\n", " " + good,
            $"{parts[0]}.{parts[1]}", $"{parts[0]}..{parts[2]}", $".{parts[1]}.{parts[2]}", $"{good}.{parts[2]}",
            $"{parts[0]}=.{parts[1]}.{parts[2]}", good.Replace('.', ','), "Bearer " + good, good + "\0",
            $"{parts[0]}.{parts[1]}.{parts[2].Insert(3, "\n")}", LastBitsSet(good), new string('.', 8192),
            new string('A', 8192), $"{parts[0]}.{new string('A', 9000)}.{parts[2]}", "\ud800.\udc00.a",
        ];
        Assert.All(bent, text => Assert.Equal(TokenRefusal.Malformed, _bench.RefusalOf(text)));
        Assert.Equal(TokenRefusal.BadSignature, _bench.RefusalOf(good + "A")); // A signature of 65 bytes.
        Assert.Null(_bench.RefusalOf(good));
    }

    [Fact]
    public void Text_that_is_not_utf_8_is_refused()
    {
        foreach (var at in new[] { 2, _bench.Header.Length - 3 }) // In a name, in a value.
        {
            var header = Encoding.UTF8.GetBytes(_bench.Header);
            header[at] = 0xA1;
            var text = $"{Encode(header)}.{Encode(Encoding.UTF8.GetBytes(_bench.Payload()))}.{Encode(new byte[64])}";
            Assert.Equal(TokenRefusal.Malformed, _bench.RefusalOf(text));
        }
    }

    [Fact]
    public void Deep_or_large_json_is_refused()
    {
        var deep = _bench.Payload("{\"iss\"", $"{{\"x\":{new string('[', 900)}{new string(']', 900)},\"iss\"");
        Assert.Equal(TokenRefusal.Malformed, _bench.RefusalOf(_bench.SignRaw(_bench.Header, deep)));
        var roles = string.Join(',', Enumerable.Repeat("\"operator\"", 65));
        Assert.Equal(TokenRefusal.Malformed, _bench.RefusalOf(
            _bench.SignRaw(_bench.Header, _bench.Payload("\"operator\"", roles))));
    }

    [Fact]
    public void Any_change_of_any_character_is_refused()
    {
        var good = _bench.Sign(_bench.Token());
        var change =
            from at in Gen.Choose(0, good.Length - 1)
            from with in Gen.Choose(1, 127)
            where good[at] != with
            select (At: at, With: (char)with);
        Prop.ForAll(change.ToArbitrary(), bent =>
        {
            var text = $"{good[..bent.At]}{bent.With}{good[(bent.At + 1)..]}";
            return _bench.Verifier.Verify(text, _bench.Trust, TokenAudience.Silos).Token is null;
        })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Parts_of_two_tokens_make_no_third()
    {
        var (one, two) = (_bench.Sign(_bench.Token()).Split('.'), _bench.Sign(_bench.AgentToken()).Split('.'));
        Assert.Equal(TokenRefusal.BadSignature, _bench.RefusalOf($"{one[0]}.{two[1]}.{one[2]}"));
        Assert.Equal(TokenRefusal.BadSignature, _bench.RefusalOf($"{one[0]}.{one[1]}.{two[2]}"));
    }

    [Fact]
    public void No_text_makes_it_fail() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
            _bench.Verifier.Verify(text ?? "", _bench.Trust, TokenAudience.Silos).Refusal is TokenRefusal.Malformed)
            .QuickCheckThrowOnFailure();

    // 64 bytes leave four bits of the last character unused.
    private static string LastBitsSet(string token)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return token[..^1] + Alphabet[Alphabet.IndexOf(token[^1], StringComparison.Ordinal) | 1];
    }
}
