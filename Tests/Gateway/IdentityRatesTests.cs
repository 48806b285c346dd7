using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Silo.Gateway;
using Aedile.Silo.Gateway.Access;
using Aedile.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Aedile.Tests.Gateway;

/// <summary>Goal: nobody takes a silo away from the others, and who is slowed down is told how long.</summary>
public sealed class IdentityRatesTests
{
    private readonly ManualTime _time = new();
    private readonly IdentityRates _rates;

    public IdentityRatesTests() => _rates = new IdentityRates(
        Options.Create(new RateOptions { RequestsPerSecond = 2, Burst = 3 }), _time);

    [Fact]
    public void An_identity_has_its_burst_then_its_rate_and_others_have_theirs()
    {
        var (one, other) = (CallerOf("one"), CallerOf("other"));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(_rates.Ask(one)));
        var refusal = _rates.Ask(one)!;
        Assert.Equal((429, "too-many-requests", true, 1),
            (refusal.Status, refusal.Type, refusal.Retryable, refusal.RetryAfterSeconds));
        Assert.Null(_rates.Ask(other));
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.NotNull(_rates.Ask(one));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null(_rates.Ask(one));
        Assert.NotNull(_rates.Ask(one));
    }

    [Fact]
    public void Several_tokens_of_an_identity_share_its_rate_and_static_tokens_have_none()
    {
        Assert.All(Enumerable.Range(0, 3), i => Assert.Null(_rates.Ask(CallerOf("one"))));
        Assert.NotNull(_rates.Ask(CallerOf("one")));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(_rates.Ask(new Caller("admin", null))));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Null(_rates.Ask(null)));
    }

    [Fact]
    public async Task The_answer_is_a_problem_that_says_when_to_come_again()
    {
        while (_rates.Ask(CallerOf("one")) is null) { }
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { Response = { Body = body } };
        await Problems.Write(http, _rates.Ask(CallerOf("one"))!);
        Assert.Equal((429, "1"), (http.Response.StatusCode, http.Response.Headers.RetryAfter.ToString()));
        Assert.Equal(
            "urn:aedile:too-many-requests", JsonSerializer.Deserialize<Problem>(body.ToArray(), Wire.Json)!.Type);
    }

    private static Caller CallerOf(string identity) => new(identity, new AccessToken(
        FleetId.Parse("f"), EntityId.Parse(identity), TokenKind.Access, TokenAudience.Silos, [], default,
        default, default, default));
}
