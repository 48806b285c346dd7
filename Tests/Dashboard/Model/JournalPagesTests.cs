using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Dashboard.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Gateway.Pages;
using Aedile.Silo.Model;
using Aedile.Tests.Model;
using Aedile.Tests.Support;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Dashboard.Model;

/// <summary>Goal: pages read the journal from its end, a part at a time, as far back as it is kept.</summary>
public sealed class JournalPagesTests
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly EntityKey Watched = new(EntityKinds.Find("node")!, EntityId.Parse("watched"));

    private readonly KeptJournal _journal = new();
    private readonly ModelReplica _replica;
    private readonly JournalPages _pages;
    private ModelState _state = Empty;

    public JournalPagesTests()
    {
        _replica = new ModelReplica(_journal, new ManualTime(Now));
        _replica.Load(Empty);
        _pages = new JournalPages(_journal, _replica);
    }

    [Fact]
    public async Task History_of_an_entity_is_followed_from_change_to_change()
    {
        await WriteHistory();
        var newest = await _pages.GetHistory(Watched, _replica.Current.Find(Watched)!.Version, 2, None);
        Assert.Equal([7L, 5L], newest.Steps.Select(step => step.Index));
        Assert.Equal(2L, newest.Older);
        var oldest = await _pages.GetHistory(Watched, newest.Older, 2, None);
        var first = Assert.Single(oldest.Steps);
        Assert.Equal((2L, null, "root"), (first.Index, first.Before, first.Actor));
        Assert.Equal((null, false), (oldest.Older, oldest.IsCut));
        // What was read: one entry for each change, and none between.
        Assert.Equal([6L, 4L, 1L], _journal.Asked);
    }

    [Fact]
    public async Task History_ends_where_the_journal_begins()
    {
        await WriteHistory();
        _journal.Begins = 4;
        var history = await _pages.GetHistory(Watched, 7, 10, None);
        Assert.Equal([7L, 5L], history.Steps.Select(step => step.Index));
        Assert.Equal((null, true), (history.Older, history.IsCut));
    }

    [Fact]
    public async Task Entity_that_a_transaction_changed_twice_has_one_step()
    {
        await Write(Of(Node("watched"), Patch("node", "watched", """{"spec":{"isDrained":true}}""")));
        var step = Assert.Single((await _pages.GetHistory(Watched, 1, 10, None)).Steps);
        Assert.Null(step.Before);
        Assert.Contains(new Difference("spec.isDrained", null, "true"), Differences.Between(step.Before, step.After));
    }

    [Fact]
    public async Task Changes_come_newest_first_and_older_ones_follow_down_to_the_oldest_kept()
    {
        for (var number = 1; number <= 250; number++) await Write(Of(Node($"n{number}")));
        _journal.Begins = 31;
        var seen = new List<long>();
        long? before = null;
        for (var part = await Get(null, before); ; part = await Get(null, before))
        {
            seen.AddRange(part.Entries.Select(entry => entry.Index));
            before = part.LookedTo;
            if (!part.HasOlder) break;
        }
        Assert.Equal(Enumerable.Range(31, 220).Reverse().Select(index => (long)index), seen);
    }

    [Fact]
    public async Task Newer_changes_are_those_behind_the_last_one_and_nothing_is_read_when_there_are_none()
    {
        for (var number = 1; number <= 5; number++) await Write(Of(Node($"n{number}")));
        _journal.Asked.Clear();
        var none = await Get(after: 5, before: null);
        Assert.Empty(none.Entries);
        Assert.Empty(_journal.Asked);
        var two = await Get(after: 3, before: null);
        Assert.Equal([5L, 4L], two.Entries.Select(entry => entry.Index));
        Assert.Equal((5L, false), (two.Newest, two.HasOlder));
    }

    [Fact]
    public async Task Filter_by_kind_keeps_only_the_changes_that_fit_and_says_how_far_it_looked()
    {
        await Write(Of(Node("n0"), VirtualStorage("s0", "#all")));
        for (var number = 1; number <= 2_500; number++) await Write(Of(Node($"n{number}")));
        var part = await _pages.GetChanges(new ChangeQuery("virtual-storage", "", null, null, 50), None);
        Assert.Empty(part.Entries);
        Assert.Equal((502L, true), (part.LookedTo, part.HasOlder));
        part = await _pages.GetChanges(new ChangeQuery("virtual-storage", "ROOT", null, part.LookedTo, 50), None);
        Assert.Equal("virtual-storage/s0", Assert.Single(Assert.Single(part.Entries).Changes).Key.ToString());
        Assert.False(part.HasOlder);
        Assert.Empty((await _pages.GetChanges(new ChangeQuery("", "nobody", 2_400, null, 50), None)).Entries);
    }

    [Fact]
    public async Task Journal_that_is_away_is_told_in_the_word_of_pages()
    {
        await Write(Of(Node("watched")));
        _journal.IsAway = true;
        await Assert.ThrowsAsync<TimeoutException>(() => Get(null, null));
        await Assert.ThrowsAsync<TimeoutException>(() => _pages.GetHistory(Watched, 1, 1, None));
    }

    [Fact]
    public void List_on_a_page_never_grows_without_bound()
    {
        var list = ChangeList.From(Window(1_000, 951));
        Assert.Equal((1_000L, 951L, true), (list.Newest, list.Oldest, list.HasOlder));
        list = list.WithNewer(Window(1_002, 1_001, hasOlder: false));
        Assert.Equal((52, 1_002L, 951L), (list.Rows.Length, list.Newest, list.Oldest));
        for (var oldest = 951L; oldest > 601; oldest -= 50) list = list.WithOlder(Window(oldest - 1, oldest - 50));
        Assert.Equal((ChangeList.RowsMax, false, 601L), (list.Rows.Length, list.IsAtTop, list.Oldest));
        Assert.Equal(601L, list.Rows[^1].Index);

        var full = ChangeList.From(Window(ChangeList.RowsMax, 1, hasOlder: false));
        full = full.WithNewer(Window(ChangeList.RowsMax + 1, ChangeList.RowsMax + 1, hasOlder: false));
        Assert.Equal((ChangeList.RowsMax, 2L, true), (full.Rows.Length, full.Oldest, full.HasOlder));
        // More than one look brings: it begins anew.
        Assert.Equal(50, full.WithNewer(Window(2_000, 1_951)).Rows.Length);
    }

    private static ChangeWindow Window(long newest, long oldest, bool hasOlder = true) => new(
        [
            .. Enumerable.Range(0, (int)(newest - oldest + 1)).Select(place => new JournalEntry(
                newest - place, Now, "root", Guid.Empty, null, "", [])),
        ], newest, oldest, hasOlder);

    private Task<ChangeWindow> Get(long? after, long? before) =>
        _pages.GetChanges(new ChangeQuery("", "", after, before, 50), None);

    // Indexes 2, 5 and 7 change the watched node.
    private async Task WriteHistory()
    {
        await Write(Of(Node("other")));
        await Write(Of(Node("watched")));
        await Write(Of(Node("third")));
        await Write(Of(Patch("node", "other", """{"tags":{"a":"b"}}""")));
        await Write(Of(Patch("node", "watched", """{"spec":{"isDrained":true}}""")));
        await Write(Of(Delete("node", "third")));
        await Write(Of(Patch("node", "watched", """{"spec":{"attributes":["big"]}}""")));
    }

    private async Task Write(WriteCommand command)
    {
        var append = Assert.IsType<Decision.Append>(Decide(_state, command));
        _state = append.Next;
        await _journal.Inner.TryAppend(_journal.Inner.Head, [append.Entry], None);
        _replica.Offer([append.Entry]);
    }

    /// <summary>A journal of which the first entries may be gone.</summary>
    private sealed class KeptJournal : IModelJournal
    {
        public MemoryJournal Inner { get; } = new();

        public long Begins { get; set; } = 1;

        public bool IsAway { get; set; }

        /// <summary>After which indexes it was read.</summary>
        public List<long> Asked { get; } = [];

        public Task<JournalHead> ReadHead(CancellationToken cancellation) => Inner.ReadHead(cancellation);

        public Task<JournalHead?> TryClaim(JournalHead head, CancellationToken cancellation) =>
            Inner.TryClaim(head, cancellation);

        public Task<bool> TryAppend(
            JournalHead head, ImmutableArray<ModelEntry> entries, CancellationToken cancellation) =>
            Inner.TryAppend(head, entries, cancellation);

        public Task<ImmutableArray<ModelEntry>> Read(long after, int limit, CancellationToken cancellation)
        {
            Asked.Add(after);
            if (IsAway) throw new JournalAwayException("away");
            return after + 1 < Begins
                ? throw new EntriesCompactedException("gone") { Begins = Begins }
                : Inner.Read(after, limit, cancellation);
        }
    }
}
