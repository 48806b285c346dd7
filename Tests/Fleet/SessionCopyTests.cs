using Aedile.Agent.Model;
using Aedile.Client.Fleet;
using Aedile.Client.Model;
using Aedile.Client.Model.Copies;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Model.Copies;
using Aedile.Tests.Model.Copies;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: what a session sends of the model makes the agent's copy equal to it, in bounded pieces, and a slow agent
/// costs the silo nothing.
/// </summary>
public sealed class SessionCopyTests : IDisposable
{
    private static readonly NodeName Node = NodeName.Parse("n1");
    private static readonly CopyScope Scope = CopyScope.Of(Node, ["storage"]);

    private readonly ManualTime _clock = new();
    private readonly CopyHistory _history;
    private readonly NodeSession _session;
    private readonly SessionCopy _copy;
    private CopyIntake _agent = CopyIntake.Of(ModelCopy.Empty);

    public SessionCopyTests()
    {
        _history = new CopyHistory(1, _clock);
        _session = new NodeSession(
            new SessionMessage.Hello(
                Node, default, 1, new Uri("http://127.0.0.1:1"), ["storage"], "1.0", 1, 0), _clock);
        _copy = new SessionCopy(new CopyFeed(_history.Replica), Scope, _session);
    }

    public void Dispose() => _copy.Dispose();

    private bool IsAwake
    {
        get
        {
            var awake = false;
            while (_session.Outbox.TryRead(out var message))
            {
                _session.Taken(message);
                awake |= message is null;
            }

            return awake;
        }
    }

    private int Receive()
    {
        var pieces = 0;
        foreach (var message in _copy.Next())
        {
            pieces++;
            Assert.True(Take(message) is CopyNews.None or CopyNews.Changed);
        }

        return pieces;
    }

    private CopyNews Take(SessionMessage message)
    {
        (_agent, var news) = message switch
        {
            SessionMessage.CopyPiece piece => _agent.Take(piece, TimeSpan.Zero),
            SessionMessage.CopyMark mark => _agent.Take(mark, TimeSpan.Zero),
            _ => throw new InvalidOperationException($"{message}"),
        };
        return news;
    }

    private void MustBeEqual() => Assert.Equal(CopyHistory.Project(_history.State, Scope).Point, _agent.Copy.Point);

    [Fact]
    public void An_agent_that_follows_has_what_the_model_projects_to()
    {
        for (var i = 0; i < 50; i++) _history.Change();
        Assert.Equal(0, Receive()); // Nobody asked.
        _copy.Want(_agent.Copy.Point);
        Assert.True(IsAwake);
        Receive();
        MustBeEqual();
        for (var i = 0; i < 300; i++)
        {
            _history.Change();
            if (!IsAwake) continue;
            Receive();
            MustBeEqual();
        }

        // Changes elsewhere move the index with the next mark.
        _copy.MarkIsDue();
        Assert.True(IsAwake);
        Receive();
        MustBeEqual();
        Assert.Equal(0, Receive());
    }

    [Fact]
    public void Pieces_are_bounded_but_for_an_entity_that_is_larger_alone()
    {
        var large = new string('x', 100_000);
        for (var i = 0; i < 500; i++)
            _history.Append(new EntityChange(null, Repository($"r{i}", i == 77 ? large : "small")));
        _copy.Want(CopyPoint.Nothing);
        var sizes = new List<int>();
        foreach (var message in _copy.Next())
        {
            Take(message);
            if (message is SessionMessage.CopyPiece piece) sizes.Add(piece.Changed.Sum(entity => entity.Text.Length));
        }

        MustBeEqual();
        Assert.Equal(500, _agent.Copy.Count);
        Assert.True(Assert.Single(sizes, size => size > 32 * 1024) < 101_000);
        Assert.InRange(sizes.Count, 6, 12);
    }

    [Fact]
    public void A_slow_agent_leaves_nothing_behind_and_gets_the_newest_when_it_reads()
    {
        _copy.Want(CopyPoint.Nothing);
        Receive();
        for (var i = 0; i < 3 * CopyFeed.EntriesMax; i++)
        {
            _session.SendBeat();
            _copy.MarkIsDue();
            _history.Append(new EntityChange(
                i == 0 ? null : Repository("r", $"{i - 1}"), Repository("r", $"{i}")));
        }

        // A beat and the word that there is something.
        var waiting = new List<SessionMessage?>();
        while (_session.Outbox.TryRead(out var message)) waiting.Add(message);
        Assert.Equal([null, SessionMessage.Beat.Instance], waiting.OrderBy(message => message is not null));
        Assert.InRange(Receive(), 1, 3);
        MustBeEqual();
    }

    [Fact]
    public void A_copy_that_is_asked_for_anew_while_pieces_are_sent_comes_after_them()
    {
        for (var i = 0; i < 300; i++) _history.Append(new EntityChange(null, Repository($"r{i}", "small")));
        _copy.Want(CopyPoint.Nothing);
        var (pieces, ends) = (0, 0);
        foreach (var message in _copy.Next())
        {
            if (pieces++ == 0)
            {
                _copy.Want(CopyPoint.Nothing);
                _history.Append(new EntityChange(null, Repository("late", "small")));
            }

            Take(message);
            if (message is not SessionMessage.CopyPiece { End: { } end }) continue;
            Assert.Equal(300 + Math.Min(ends++, 1), end.Index);
        }

        Assert.True(ends >= 2);
        MustBeEqual();
    }

    private static Entity Repository(string id, string tag) => CopyHistory.Make(
        new RepositorySpec(
            EntityId.Parse("s"), Client.Repositories.RepositoryPath.Parse("p/q"), "refs/heads/main", [Node],
            RepositoryStage.Active), EntityKind.Of<RepositorySpec>(), id, 1) with
    {
        Tags = Entity.NoTags.Add("t", tag),
    };
}
