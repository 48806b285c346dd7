using System.Net;
using Aedile.Engine.Membership;
using Aedile.Engine.Placement;
using Aedile.Tests.Engine.Messaging;
using Aedile.Tests.Support;
using Orleans.Configuration;

namespace Aedile.Tests.Engine.Membership;

/// <summary>Several silos' memberships and routers, in one thread on virtual time.</summary>
internal sealed class TestFleet
{
    private readonly SeededScheduler _scheduler;
    private readonly List<Member> _members = [];

    public TestFleet(int seed = 1)
    {
        _scheduler = new SeededScheduler(seed);
        Network = new TestNetwork(Clock, _scheduler);
        Table = new MemoryMembershipTable(Clock);
    }

    public ManualTime Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public TestNetwork Network { get; }

    public MemoryMembershipTable Table { get; }

    /// <summary>What all silos log.</summary>
    public LogBook Log { get; } = new();

    public IReadOnlyList<Member> Members => _members;

    public static TestFleet Of(int silos, int seed = 1)
    {
        var fleet = new TestFleet(seed);
        for (var port = 1; port <= silos; port++) fleet.Start(port);
        return fleet;
    }

    /// <summary>Starts a silo, and returns when it hosts grains.</summary>
    public Member Start(int port, ClusterMembershipOptions? options = null)
    {
        var member = Begin(port, out var joined, options);
        RunUntil(() => joined.IsCompleted, TimeSpan.FromMinutes(2));
        joined.GetAwaiter().GetResult();
        return member;
    }

    /// <summary>Starts a silo and does not wait for it.</summary>
    public Member Begin(int port, out Task joined, ClusterMembershipOptions? options = null)
    {
        var endpoint = new IPEndPoint(IPAddress.Loopback, 10_000 + port);
        var self = SiloAddress.New(endpoint, MembershipRules.NextGeneration(
            Table.Current with { ReadAt = Clock.GetUtcNow() }, endpoint));
        var member = Inside(() => new Member(this, self, _scheduler, options ?? new()));
        _members.Add(member);
        joined = Task.Factory.StartNew(
            member.Join, CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();
        return member;
    }

    public void Run(TimeSpan time)
    {
        var end = Clock.GetUtcNow() + time;
        _scheduler.RunUntilIdle();
        while (Clock.NextDue <= end) Inside(Clock.AdvanceToNext);

        Clock.Advance(end - Clock.GetUtcNow());
    }

    /// <summary>Runs until something is so, and returns how long it took.</summary>
    public TimeSpan RunUntil(Func<bool> isSo, TimeSpan limit)
    {
        var began = Clock.GetUtcNow();
        _scheduler.RunUntilIdle();
        while (!isSo())
        {
            Assert.True(Clock.GetUtcNow() - began < limit, $"Not within {limit}.");
            Assert.True(Inside(Clock.AdvanceToNext), "Nothing will ever happen any more.");
        }

        return Clock.GetUtcNow() - began;
    }

    /// <summary>Starts work and does not wait for it.</summary>
    public void Background(Func<Task> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.None, _scheduler);

    /// <summary>Runs something on the fleet's one scheduler, and all that follows from it at once.</summary>
    /// <remarks>Signals that were made outside of it would hand their continuations to the thread pool.</remarks>
    public T Inside<T>(Func<T> action)
    {
        var done = Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.None, _scheduler);
        _scheduler.RunUntilIdle();
        return done.GetAwaiter().GetResult();
    }

    /// <summary>Runs work of a silo to its end.</summary>
    public void Do(Func<Task> work)
    {
        var done = Task.Factory.StartNew(
            work, CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();
        RunUntil(() => done.IsCompleted, TimeSpan.FromMinutes(2));
        done.GetAwaiter().GetResult();
    }

    /// <summary>One silo of the fleet.</summary>
    internal sealed class Member
    {
        private readonly TestFleet _fleet;

        public Member(TestFleet fleet, SiloAddress self, TaskScheduler scheduler, ClusterMembershipOptions options)
        {
            _fleet = fleet;
            var messenger = fleet.Network.Listen(self);
            var identity = new SiloIdentity("test", $"silo-{self.Endpoint.Port}", "here", self.Endpoint, 0);
            Agent = new MembershipAgent(
                self, identity, fleet.Table.ConnectionOf(() => IsCutFromTable), messenger, options, fleet.Clock,
                scheduler, fleet.Log);
            Grains = new TestGrains(fleet.Clock);
            Router = new Router(
                Agent, messenger, Grains, (silo, _) => Task.FromResult(fleet.Network.IsGone(self, silo)),
                fleet.Clock, TimeSpan.FromSeconds(5), fleet.Log);
            Grains.Router = Router;
            Agent.Ended = reason =>
            {
                EndedBecause = reason;
                Router.Stop();
                Grains.Crash();
            };
            Agent.Listen();
        }

        public MembershipAgent Agent { get; }

        public Router Router { get; }

        public TestGrains Grains { get; }

        public SiloAddress Self => Agent.Self;

        public bool IsCutFromTable { get; set; }

        public string? EndedBecause { get; private set; }

        public MembershipTableSnapshot View => Agent.Table.View;

        public SiloStatus StatusOf(Member other) => View.StatusOf(other.Self);

        public async Task Join()
        {
            await Agent.Join(CancellationToken.None);
            await Agent.Activate(CancellationToken.None);
        }

        /// <summary>Hands over and leaves.</summary>
        public async Task Leave()
        {
            await Agent.Announce(CancellationToken.None);
            await Router.HandedOver;
            await Agent.Leave(CancellationToken.None);
            _fleet.Network.Kill(Self);
        }

        /// <summary>Ends at once; its port refuses connections from now on.</summary>
        public void Kill() => _fleet.Inside(() =>
        {
            _fleet.Network.Kill(Self);
            Agent.Dispose();
            Router.Stop();
            Grains.Crash();
            return true;
        });
    }
}
