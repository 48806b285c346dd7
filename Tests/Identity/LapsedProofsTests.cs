using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Identity;
using Aedile.Tests.Support;

namespace Aedile.Tests.Identity;

/// <summary>Goal: what takes nothing back any more is deleted, and nothing that still does.</summary>
public sealed class LapsedProofsTests
{
    private static readonly EntityId Anna = EntityId.Parse("anna");
    private readonly ManualTime _clock = new(TokenBench.Start);
    private readonly MemoryIdentityModel _model;

    public LapsedProofsTests()
    {
        _model = LoginStage.NewModel(_clock);
        _model.Put("old", new RevocationSpec(TokenBench.Start, Identity: Anna, IssuedBefore: TokenBench.Start));
        _model.Put("new", new RevocationSpec(
            TokenBench.Start.AddHours(2), Identity: Anna, IssuedBefore: TokenBench.Start));
        _model.Put("once", new AuthenticatorSpec(Anna, Enrolment: EnrolmentTokens.Issue(
            EntityId.Parse("once"), TokenBench.Start).Proof));
    }

    [Fact]
    public async Task What_is_over_goes_and_all_else_stays()
    {
        var sweep = new LapsedProofs(_model, _clock);
        await sweep.Sweep(default);
        Assert.Equal((2, 2, 0), (Count<RevocationSpec>(), Count<AuthenticatorSpec>(), _model.Writes));
        _clock.Advance(TimeSpan.FromHours(1));
        await sweep.Sweep(default);
        Assert.Equal((1, 2), (Count<RevocationSpec>(), Count<AuthenticatorSpec>()));
        Assert.NotNull(_model.Find(EntityKind.Of<RevocationSpec>(), EntityId.Parse("new")));
        _clock.Advance(TimeSpan.FromHours(23));
        await sweep.Sweep(default);
        // Anna's password has no end.
        Assert.Equal((0, 1), (Count<RevocationSpec>(), Count<AuthenticatorSpec>()));
    }

    [Fact]
    public async Task Nothing_is_deleted_by_an_old_copy()
    {
        _clock.Advance(TimeSpan.FromDays(3));
        _model.IsAway = true;
        await new LapsedProofs(_model, _clock).Sweep(default);
        Assert.Equal(0, _model.Writes);
    }

    private int Count<TSpec>() where TSpec : EntitySpec => _model.List(EntityKind.Of<TSpec>()).Count();
}
