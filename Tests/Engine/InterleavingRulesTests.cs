using Aedile.Engine.Turns;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Engine;

/// <summary>
/// Goal: whatever arrives and ends in whatever order, only requests that may mix run beside each other.
/// </summary>
public sealed class InterleavingRulesTests
{
    private static readonly Guid Section = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (3, Gen.Constant(new Step(StepKind.Arrive))),
        (2, Gen.Constant(new Step(StepKind.ArriveReading))),
        (1, Gen.Constant(new Step(StepKind.ArriveAlways))),
        (1, Gen.Constant(new Step(StepKind.ArriveInSection))),
        (5, Gen.Choose(0, 20).Select(index => new Step(StepKind.Finish, index))));

    private enum StepKind
    {
        Arrive,
        ArriveReading,
        ArriveAlways,
        ArriveInSection,
        Finish,
    }

    [Fact]
    public void Two_requests_run_together_only_if_one_interleaves_or_both_read() =>
        Prop.ForAll(Steps.ListOf().ToArbitrary(), steps =>
        {
            var play = Play(isReentrant: false, hasSection: false, steps);
            return play.Worst.Count(request => !request.AlwaysInterleaves && !request.IsReadOnly) <= 1
                && (!play.Worst.Any(request => !request.AlwaysInterleaves && !request.IsReadOnly)
                    || play.Worst.Count(request => !request.AlwaysInterleaves) == 1);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Requests_that_may_not_overtake_start_in_the_order_of_their_arrival() =>
        Prop.ForAll(Steps.ListOf().ToArbitrary(), steps =>
        {
            var writers = Play(isReentrant: false, hasSection: false, steps).Started
                .Where(request => !TurnGate.MayOvertake(request)).Select(request => request.Number).ToList();
            return writers.SequenceEqual(writers.Order());
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_waits_for_an_idle_activation_and_everything_has_started_in_the_end() =>
        Prop.ForAll(Steps.ListOf().ToArbitrary(), steps =>
        {
            var finishAll = Enumerable.Repeat(new Step(StepKind.Finish), steps.Count);
            var play = Play(isReentrant: false, hasSection: false, [.. steps, .. finishAll]);
            return play.Started.Count == play.Arrived;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_reentrant_grain_never_lets_a_request_wait() =>
        Prop.ForAll(Steps.ListOf().ToArbitrary(), steps =>
        {
            var play = Play(isReentrant: true, hasSection: false, steps);
            return play.Started.Count == play.Arrived;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_request_of_an_open_section_starts_at_once_and_of_a_closed_one_waits()
    {
        var gate = new TurnGate(isReentrant: false);
        gate.Enter(new ScriptedRequest(false, false, Guid.Empty, 1));
        var coming = new ScriptedRequest(false, false, Section, 2);
        Assert.False(gate.MayStart(coming));
        gate.Open(Section);
        Assert.True(gate.MayStart(coming));
        gate.Close(Section);
        Assert.False(gate.MayStart(coming));
    }

    private static Record Play(bool isReentrant, bool hasSection, IReadOnlyList<Step> steps)
    {
        var gate = new TurnGate(isReentrant);
        if (hasSection) gate.Open(Section);
        var waiting = default(WaitingRequests);
        var running = new List<ScriptedRequest>();
        var record = new Record();
        foreach (var step in steps)
        {
            if (step.Kind == StepKind.Finish)
            {
                if (running.Count == 0) continue;
                var finished = running[step.Index % running.Count];
                running.Remove(finished);
                gate.Leave(finished);
                while (waiting.TakeStartable(gate) is ScriptedRequest next) Start(next);
                continue;
            }

            var request = Make(step.Kind, record.Arrived++);
            if (gate.MayStart(request)) Start(request);
            else waiting.Add(request);
        }

        return record;

        void Start(ScriptedRequest request)
        {
            gate.Enter(request);
            running.Add(request);
            record.Started.Add(request);
            if (Mixed(running) > Mixed(record.Worst)) record.Worst = [.. running];
        }
    }

    // How many of a set should not be together: the set to look at is the worst that there ever was.
    private static int Mixed(List<ScriptedRequest> running) =>
        running.Count(request => !request.AlwaysInterleaves && !request.IsReadOnly) is var writers && writers > 0
            ? (writers * 2) + running.Count(request => request.IsReadOnly && !request.AlwaysInterleaves)
            : 0;

    private static ScriptedRequest Make(StepKind kind, int number) => new(
        kind == StepKind.ArriveAlways, kind == StepKind.ArriveReading,
        kind == StepKind.ArriveInSection ? Section : Guid.Empty, number);

    private sealed record Step(StepKind Kind, int Index = 0);

    private sealed class Record
    {
        public int Arrived { get; set; }

        public List<ScriptedRequest> Started { get; } = [];

        public List<ScriptedRequest> Worst { get; set; } = [];
    }
}
