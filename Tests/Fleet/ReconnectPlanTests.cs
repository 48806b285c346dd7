using System.Collections.Immutable;
using Aedile.Agent.Fleet;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>Goal: an agent is back soon, and no silo is ever asked in a tight loop.</summary>
public sealed class ReconnectPlanTests
{
    private static readonly Uri A = new("http://a.example");
    private static readonly Uri B = new("http://b.example");
    private static readonly Uri C = new("http://c.example");
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(10);

    private readonly Random _chance = Seed.Take().Chance;

    [Fact]
    public void After_a_stable_session_the_same_silo_is_asked_once_at_once()
    {
        var (plan, pause, same) = ReconnectPlan.Start.After(A, SessionEndKind.Lost, Long, _chance);
        Assert.Equal((TimeSpan.Zero, A), (pause, same));
        (plan, pause, same) = plan.After(A, SessionEndKind.NotOpened, TimeSpan.Zero, _chance);
        Assert.Null(same);
        Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        Assert.NotEqual(A, plan.Choose([A, B, C], A, _chance).Silo);
    }

    [Theory]
    [InlineData((int)SessionEndKind.Silent)]
    [InlineData((int)SessionEndKind.SentAway)]
    public void A_silo_that_is_silent_or_sends_the_agent_away_is_not_the_next(int kind)
    {
        var (plan, pause, same) = ReconnectPlan.Start.After(A, (SessionEndKind)kind, Long, _chance);
        Assert.Null(same);
        Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        Assert.Equal(B, plan.Choose([A, B], A, _chance).Silo);
    }

    [Fact]
    public void A_silo_that_welcomes_and_closes_at_once_is_asked_ever_more_seldom()
    {
        var plan = ReconnectPlan.Start;
        var waited = TimeSpan.Zero;
        for (var round = 0; round < 40; round++)
        {
            (plan, var pause, var same) = plan.After(A, SessionEndKind.Lost, Short, _chance);
            Assert.Null(same);
            Assert.InRange(pause, TimeSpan.Zero, ReconnectPlan.PauseMax);
            (plan, var silo) = plan.Choose([A], A, _chance);
            Assert.Equal(A, silo);
            waited += pause;
        }
        // 35 pauses of 2.5 s on average; half of that is far beyond chance.
        Assert.True(waited > TimeSpan.FromSeconds(40), $"40 attempts in {waited}");
    }

    [Fact]
    public void All_silos_are_tried_before_one_is_tried_again()
    {
        ImmutableArray<Uri> all = [A, B, C];
        var plan = ReconnectPlan.Start;
        Uri? last = null;
        for (var round = 0; round < 20; round++)
        {
            var seen = new HashSet<Uri>();
            for (var step = 0; step < all.Length; step++)
            {
                (plan, var silo) = plan.Choose(all, last, _chance);
                Assert.NotEqual(last, silo);
                Assert.True(seen.Add(silo));
                last = silo;
                (plan, _, _) = plan.After(silo, SessionEndKind.NotOpened, TimeSpan.Zero, _chance);
            }
        }
    }

    [Fact]
    public void A_refusal_is_respected_for_half_a_minute()
    {
        var (_, pause, same) = ReconnectPlan.Start.After(A, SessionEndKind.Refused, TimeSpan.Zero, _chance);
        Assert.Equal((TimeSpan.FromSeconds(30), null), (pause, same));
    }

    [Fact]
    public void The_list_of_silos_follows_the_welcome_and_keeps_what_it_was_started_with()
    {
        using var folder = new TestFolder("silos");
        var silos = new SiloList([A], new SiloFile(folder.Path));
        silos.Learn([B, A]);
        silos.Use(B);
        Assert.Equal([B, A], silos.InOrder);
        silos.Learn([]);
        silos.Learn([C]);
        Assert.Equal([C, A], silos.Candidates);
    }

    [Fact]
    public void What_a_welcome_named_is_known_after_a_restart_until_the_agent_enrols_anew()
    {
        using var folder = new TestFolder("silos");
        new SiloList([A], new SiloFile(folder.Path)).Learn([B, C]);
        Assert.Equal([B, C, A], new SiloList([A], new SiloFile(folder.Path)).Candidates);
        var kept = new SiloFile(folder.Path);
        kept.Forget();
        Assert.Equal([A], new SiloList([A], kept).Candidates);
        Assert.Equal([A], new SiloList([A], new SiloFile(folder.Path)).Candidates);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("no address\nfile:///etc/passwd\nsilo-2:80\n")]
    public void A_file_of_silos_that_holds_something_else_is_none(string content)
    {
        using var folder = new TestFolder("silos");
        File.WriteAllText(folder["silos"], content);
        Assert.Equal([A], new SiloList([A], new SiloFile(folder.Path)).Candidates);
    }

    [Fact]
    public void Silos_of_an_earlier_run_are_not_called_in_the_clear_once_those_it_is_told_of_speak_tls()
    {
        using var folder = new TestFolder("silos");
        var (told, kept) = (new Uri("https://a/"), new Uri("https://b/"));
        new SiloFile(folder.Path).Keep([A, kept]);
        Assert.Equal([kept, told], new SiloList([told], new SiloFile(folder.Path)).Candidates);
        Assert.Equal([A, kept, B], new SiloList([B], new SiloFile(folder.Path)).Candidates);
    }

    [Fact]
    public void A_folder_that_takes_no_file_costs_only_the_memory_of_silos()
    {
        using var folder = new TestFolder("silos");
        Directory.CreateDirectory(folder["silos"]);
        var silos = new SiloList([A], new SiloFile(folder.Path));
        silos.Learn([B]);
        Assert.Equal([B, A], silos.Candidates);
    }

    [Fact]
    public void Only_an_epoch_above_all_that_were_ever_seen_is_obeyed_even_after_a_restart()
    {
        using var folder = new TestFolder("epochs");
        var epochs = EpochFile.Open(folder.Path);
        Assert.True(epochs.Accept(3, null));
        Assert.True(epochs.Accept(3, current: 3));
        Assert.False(epochs.Accept(3, null));
        Assert.False(epochs.Accept(2, current: 3));
        Assert.True(epochs.Accept(4, current: 3));
        Assert.False(epochs.Accept(3, current: 3));
        var again = EpochFile.Open(folder.Path);
        Assert.Equal(4, again.Highest);
        Assert.False(again.Accept(4, null));
    }
}
