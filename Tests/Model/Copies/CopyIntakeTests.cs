using System.Collections.Immutable;
using Aedile.Agent.Model;
using Aedile.Client.Fleet;
using Aedile.Client.Model.Copies;

namespace Aedile.Tests.Model.Copies;

/// <summary>
/// Goal: an agent's copy changes with whole changes of the right digest only, never goes back, and finds out by itself
/// that it is wrong.
/// </summary>
public sealed class CopyIntakeTests
{
    private static readonly CopiedEntity One = new("role", "a", """{"kind":"role","id":"a","n":1}""");
    private static readonly CopiedEntity Two = new("role", "b", """{"kind":"role","id":"b","n":2}""");
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly CopyIntake _intake = CopyIntake.Of(ModelCopy.Empty.With([One], []).At("t", 5));

    private static CopyPoint PointOf(string timeline, long index, long ageMs, params CopiedEntity[] entities) =>
        ModelCopy.Empty.With(entities, []).At(timeline, index).Point with { AgeMs = ageMs };

    private static SessionMessage.CopyPiece Piece(bool isWhole, CopyPoint? end, params CopiedEntity[] changed) =>
        new(isWhole, [.. changed], [], end);

    [Fact]
    public void A_change_counts_with_its_last_piece()
    {
        var (half, none) = _intake.Take(Piece(false, null, Two), TimeSpan.Zero);
        Assert.Equal((CopyNews.None, 5L), (none, half.Copy.Index));
        var (next, news) = half.Take(
            new SessionMessage.CopyPiece(false, [], ["role/a"], PointOf("t", 6, 0, Two)), TimeSpan.Zero);
        Assert.Equal((CopyNews.Changed, 6L, Two), (news, next.Copy.Index, next.Copy.All.Single()));
    }

    [Fact]
    public void A_wrong_digest_changes_nothing_and_everything_is_asked_for_once()
    {
        var (asking, news) = _intake.Take(Piece(false, PointOf("t", 6, 0, Two), Two), TimeSpan.Zero);
        Assert.Equal((CopyNews.AskAll, 5L), (news, asking.Copy.Index));
        // What was under way is ignored until the whole copy comes.
        (asking, news) = asking.Take(Piece(false, PointOf("t", 7, 0, One, Two), Two), TimeSpan.Zero);
        Assert.Equal((CopyNews.None, 5L), (news, asking.Copy.Index));
        (asking, news) = asking.Take(new SessionMessage.CopyMark(PointOf("t", 7, 0, Two)), TimeSpan.Zero);
        Assert.Equal(CopyNews.None, news);
        var (whole, changed) = asking.Take(Piece(true, PointOf("t", 7, 0, Two), Two), TimeSpan.Zero);
        Assert.Equal((CopyNews.Changed, 7L, Two), (changed, whole.Copy.Index, whole.Copy.All.Single()));
        Assert.False(whole.WantsAll);
    }

    [Fact]
    public void A_whole_copy_with_a_wrong_digest_is_not_taken_and_not_asked_for_in_a_loop()
    {
        var (next, news) = _intake.Take(Piece(true, PointOf("t", 7, 0, One), Two), TimeSpan.Zero);
        Assert.Equal((CopyNews.Broken, 5L, false), (news, next.Copy.Index, next.WantsAll));
        Assert.Equal(CopyNews.AskAll, next.Take(
            new SessionMessage.CopyMark(PointOf("t", 7, 0, Two)), TimeSpan.Zero).News);
    }

    [Fact]
    public void A_mark_moves_the_index_and_shows_a_copy_that_is_wrong()
    {
        var (next, news) = _intake.Take(new SessionMessage.CopyMark(PointOf("t", 9, 0, One)), TimeSpan.Zero);
        Assert.Equal((CopyNews.Changed, 9L), (news, next.Copy.Index));
        Assert.Equal(CopyNews.None, next.Take(
            new SessionMessage.CopyMark(PointOf("t", 9, 0, One)), TimeSpan.Zero).News);
        Assert.Equal(CopyNews.AskAll, next.Take(
            new SessionMessage.CopyMark(PointOf("t", 9, 0, Two)), TimeSpan.Zero).News);
    }

    [Fact]
    public void A_silo_that_is_behind_or_knows_another_history_is_believed_only_if_it_asked_the_database_later()
    {
        ImmutableArray<CopyPoint> strange =
            [PointOf("t", 4, 3_000, Two), PointOf("t0", 90, 3_000, Two)];
        foreach (var point in strange)
        {
            // It asked 3 s ago, this copy is 4 s old: within the margin nothing is certain.
            var (same, news) = _intake.Take(new SessionMessage.CopyMark(point), TimeSpan.FromSeconds(4));
            Assert.Equal((CopyNews.None, 5L), (news, same.Copy.Index));
            (same, news) = _intake.Take(Piece(true, point, Two), TimeSpan.FromSeconds(4));
            Assert.Equal((CopyNews.None, 5L), (news, same.Copy.Index));

            (same, news) = _intake.Take(new SessionMessage.CopyMark(point), Long);
            Assert.Equal(CopyNews.AskAll, news);
            (same, news) = same.Take(Piece(true, point, Two), Long);
            Assert.Equal((CopyNews.Changed, point.Index, point.Timeline), (news, same.Copy.Index, same.Copy.Timeline));
        }
    }

    [Fact]
    public void An_agent_without_a_copy_takes_any()
    {
        var (next, news) = CopyIntake.Of(ModelCopy.Empty).Take(
            Piece(true, PointOf("t", 3, 1_000_000, One), One), TimeSpan.Zero);
        Assert.Equal((CopyNews.Changed, 3L), (news, next.Copy.Index));
    }

    [Theory]
    [InlineData(4_999, 0, 9, false)] // It does not lag.
    [InlineData(6_000, 100, 5, true)] // The other one has the database.
    [InlineData(6_000, 4_000, 5, false)] // It is hardly better off.
    [InlineData(60_000, 40_000, 6, true)] // All are cut off, the other one saw more.
    [InlineData(60_000, 40_000, 5, false)]
    public void A_session_moves_when_its_silo_lags_and_another_is_better_off(
        long ageMs, long otherAgeMs, long otherIndex, bool moves)
    {
        var (at, other) = (PointOf("t", 5, ageMs), PointOf("t", otherIndex, otherAgeMs));
        Assert.Equal(moves, LagRule.Lags(at) && LagRule.IsBetter(at, other));
    }
}
