using Aedile.Client.Model;
using Aedile.Silo.Identity;

namespace Aedile.Tests.Identity;

/// <summary>Goal: an enrolment token works once, in its time, and the model can't be read to get one.</summary>
public sealed class EnrolmentTests
{
    private static readonly DateTimeOffset Now = TokenBench.Start;
    private static readonly EntityId Authenticator = EntityId.Parse("a-1");

    [Fact]
    public void It_is_good_once()
    {
        var (text, proof) = EnrolmentTokens.Issue(Authenticator, Now.AddHours(1));
        Assert.True(EnrolmentTokens.TryParse(text, out var authenticator, out var secret));
        Assert.Equal(Authenticator, authenticator);

        var (outcome, spent) = EnrolmentTokens.Redeem(proof, secret, Now);
        Assert.Equal(EnrolmentOutcome.Good, outcome);
        Assert.Equal(proof with { UsedAt = Now }, spent);
        Assert.Equal((EnrolmentOutcome.Used, spent), EnrolmentTokens.Redeem(spent, secret, Now.AddMinutes(1)));
    }

    [Fact]
    public void Its_time_ends()
    {
        var (text, proof) = EnrolmentTokens.Issue(Authenticator, Now);
        Assert.True(EnrolmentTokens.TryParse(text, out _, out var secret));
        Assert.Equal(EnrolmentOutcome.Good, EnrolmentTokens.Redeem(proof, secret, Now.AddTicks(-1)).Outcome);
        Assert.Equal((EnrolmentOutcome.Expired, proof), EnrolmentTokens.Redeem(proof, secret, Now));
    }

    [Fact]
    public void Another_secret_is_wrong_and_so_is_what_the_model_holds()
    {
        var (text, proof) = EnrolmentTokens.Issue(Authenticator, Now.AddHours(1));
        var (other, _) = EnrolmentTokens.Issue(Authenticator, Now.AddHours(1));
        Assert.NotEqual(text, other);
        Assert.True(EnrolmentTokens.TryParse(other, out _, out var secret));
        Assert.Equal((EnrolmentOutcome.Wrong, proof), EnrolmentTokens.Redeem(proof, secret, Now));
        Assert.Equal(EnrolmentOutcome.Wrong, EnrolmentTokens.Redeem(proof, proof.Digest!, Now).Outcome);
        Assert.Equal(
            EnrolmentOutcome.Wrong, EnrolmentTokens.Redeem(proof with { Digest = null }, secret, Now).Outcome);
        // Who doesn't have the secret isn't told that it was used.
        Assert.Equal(EnrolmentOutcome.Wrong, EnrolmentTokens.Redeem(proof with { UsedAt = Now }, secret, Now).Outcome);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("aen_")]
    [InlineData("aen_.")]
    [InlineData("aen_a-1")]
    [InlineData("aen_a-1.")]
    [InlineData("aen_a-1.AAAA")]
    [InlineData("aen_a-1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("aen_a-1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    [InlineData("aen_A-1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("aen_a-1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.A")]
    [InlineData("a-1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void What_is_no_token_does_not_parse(string? text) =>
        Assert.False(EnrolmentTokens.TryParse(text, out _, out _));
}
