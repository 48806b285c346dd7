using Aedile.Client.Fleet;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: cnapi §0.2 by seed: an agent moves between three silos in any order, silos stand still and wake up late, old
/// connections are noticed whenever: no silo ever shows the node as gone, and what it says is shown in its order.
/// </summary>
public sealed class SessionMovesTests
{
    private static readonly NodeName Node = NodeName.Parse("storage-1");
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private sealed class Member(SessionSilo silo, NodeStatuses statuses)
    {
        public SessionSilo Silo => silo;

        public NodeStatuses Statuses => statuses;

        public bool IsPaused { get; set; }

        public (long Epoch, long Sequence) Shown { get; set; }
    }

    [Fact(Timeout = 60_000)]
    public async Task However_it_moves_no_silo_shows_it_as_gone_and_none_shows_its_words_out_of_order()
    {
        var seed = Seed.Take();
        for (var round = 0; round < Seed.Rounds(20); round++)
        {
            var run = await Run.Start(seed.Chance);
            for (var step = 0; step < 300; step++) await run.Step();
            await run.End();
        }
    }

    private sealed class Run(Random chance)
    {
        private readonly ManualTime _time = new();
        private readonly List<(Member Member, NodeSession Session)> _stale = [];
        private readonly List<Member> _members = [];
        private (Member Member, NodeSession Session, SessionStatus Status) _now;
        private long _attempt;
        private long _said;

        public static async Task<Run> Start(Random chance)
        {
            var run = new Run(chance);
            var sessions = new MemorySessionTable(run._time);
            var statuses = new MemoryStatusTable(sessions);
            foreach (var name in new[] { "a", "b", "c" })
            {
                run._members.Add(new Member(
                    await SessionSilo.Start(name, sessions, run._time),
                    new NodeStatuses(statuses, run._time, NullLogger<NodeStatuses>.Instance)));
            }

            await run.Move(run._members[0]);
            await run.Pass();
            return run;
        }

        public async Task Step()
        {
            switch (chance.Next(6))
            {
                case 0:
                    await Move(Pick(_members.Where(m => !m.IsPaused)));
                    break;
                case 1 when _stale.Count > 0:
                    // The silo notices, whenever, that the agent is no longer there; one that stands still does not.
                    var (member, session) = _stale[chance.Next(_stale.Count)];
                    if (!member.IsPaused) member.Silo.Keeper.End(session, isLeaving: chance.Next(2) == 0);
                    break;
                case 2 when _members.Count(m => m.IsPaused) < 2:
                    var paused = Pick(_members.Where(m => !m.IsPaused));
                    paused.IsPaused = true;
                    // The agent misses its beats and goes.
                    if (paused == _now.Member) await Move(Pick(_members.Where(m => !m.IsPaused)));
                    break;
                case 3 when _members.Exists(m => m.IsPaused):
                    Pick(_members.Where(m => m.IsPaused)).IsPaused = false;
                    break;
                case 4:
                    _said++;
                    _now.Status.Take(new SessionMessage.StatusEvent(_said, true, Machine(), null));
                    break;
                default:
                    await Pass();
                    break;
            }

            Check();
        }

        public async Task End()
        {
            foreach (var member in _members) member.IsPaused = false;
            for (var i = 0; i < 8; i++) await Pass();
            Check();
            foreach (var member in _members)
            {
                var shown = member.Silo.Show(Node);
                Assert.Equal(
                    ("running", _now.Member.Silo.Identity.Name, _now.Session.Epoch),
                    (shown.State, shown.Silo, shown.Epoch));
                Assert.Equal(_said, member.Statuses.Find(Node)?.Sequence ?? 0);
                member.Statuses.Dispose();
            }
        }

        private async Task Move(Member to)
        {
            if (_now.Session is { } left) _stale.Add((_now.Member, left));
            var session = await to.Silo.Connect(Node, attempt: ++_attempt, highestEpoch: _now.Session?.Epoch ?? 0);
            var status = new SessionStatus(session, to.Statuses, _time);
            _now = (to, session, status);
            if (_said > 0) status.Take(new SessionMessage.StatusEvent(_said, true, Machine(), null));
        }

        private async Task Pass()
        {
            _time.Advance(Look);
            foreach (var member in _members.Where(m => !m.IsPaused))
            {
                await member.Silo.Beat();
                await member.Silo.Round();
                await member.Statuses.Round(CancellationToken.None);
            }
        }

        private void Check()
        {
            foreach (var member in _members.Where(m => !m.IsPaused))
            {
                var node = member.Silo.Show(Node);
                Assert.True(node.Healthy, $"{member.Silo.Identity.Name} shows it as {node.State}");
                if (member.Statuses.Find(Node) is not { } row) continue;
                Assert.True(row.Epoch >= member.Shown.Epoch && row.Sequence >= member.Shown.Sequence, $"{row}");
                member.Shown = (row.Epoch, row.Sequence);
            }
        }

        private Member Pick(IEnumerable<Member> from) => from.ElementAt(chance.Next(from.Count()));

        private static MachineStatus Machine() => new("Linux", "1.0", 1, 1, 1, 1, 1);
    }
}
