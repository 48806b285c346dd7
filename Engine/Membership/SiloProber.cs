using Aedile.Engine.Messaging;
using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>Asks one silo whether it is there: straight, or by way of another. Answers the same question.</summary>
internal sealed class SiloProber(
    MembershipTable table, ISiloMessenger messenger, Lease lease, TimeProvider clock, TimeSpan limit)
{
    /// <summary>Called with the number of a view that somebody has and this silo doesn't.</summary>
    public Action<long> Behind { get; set; } = _ => { };

    /// <summary>Called with a silo that says that this one was declared dead.</summary>
    public Action<SiloAddress> ToldDead { get; set; } = _ => { };

    public void Start()
    {
        messenger.Answer<Probe, ProbeReply>((_, probe, _) =>
        {
            Notice(probe.View);
            return Task.FromResult(new ProbeReply(table.View.Version));
        });
        messenger.Answer<ProbeForMe, ProbeForMeReply>(async (_, question, cancellation) =>
        {
            var finding = await Probe(
                SiloAddress.FromParsableString(question.Silo), question.Limit, cancellation);
            return new ProbeForMeReply(
                finding.Outcome == ProbeOutcome.Answered,
                finding.Outcome is ProbeOutcome.Missed or ProbeOutcome.Refused && lease.IsHeld,
                finding.Outcome == ProbeOutcome.Refused);
        });
    }

    /// <summary>How many messages have come from a silo.</summary>
    public long ReceivedFrom(SiloAddress silo) => messenger.ReceivedFrom(silo);

    /// <summary>Asks a silo straight.</summary>
    public Task<ProbeFinding> Probe(SiloAddress silo, CancellationToken cancellation) =>
        Probe(silo, limit, cancellation);

    /// <summary>Asks another silo to ask.</summary>
    public async Task<ProbeFinding> ProbeThrough(
        SiloAddress between, SiloAddress silo, CancellationToken cancellation)
    {
        // The one in between waits a little less, so that its "no" comes before this silo gives up on it.
        var question = new ProbeForMe(silo.ToParsableString(), limit * 0.8);
        var started = clock.GetTimestamp();
        try
        {
            var reply = await messenger.Ask<ProbeForMe, ProbeForMeReply>(between, question, limit, cancellation);
            return reply switch
            {
                { Reached: true } => new ProbeFinding(ProbeOutcome.Answered, ""),
                { MayVote: true, Refused: true } =>
                    new ProbeFinding(ProbeOutcome.Refused, $"it refuses {between} too"),
                { MayVote: true } => new ProbeFinding(ProbeOutcome.Missed, $"nor does it answer {between}"),
                _ => new ProbeFinding(ProbeOutcome.Unclear, $"{between} can't tell"),
            };
        }
        catch (Exception error) when (IsFailure(error, cancellation))
        {
            return HasStalled(started, limit)
                ? new ProbeFinding(ProbeOutcome.Stalled, "this silo did not run")
                : new ProbeFinding(ProbeOutcome.Unclear, error.Message);
        }
    }

    private static bool IsFailure(Exception error, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested
        && error is SiloUnavailableException or TimeoutException or OrleansException or OperationCanceledException;

    private async Task<ProbeFinding> Probe(SiloAddress silo, TimeSpan waits, CancellationToken cancellation)
    {
        var (started, received) = (clock.GetTimestamp(), messenger.ReceivedFrom(silo));
        try
        {
            var reply = await messenger.Ask<Probe, ProbeReply>(
                silo, new Probe(table.View.Version), waits, cancellation);
            Notice(reply.View);
            return new ProbeFinding(ProbeOutcome.Answered, "");
        }
        catch (TimeoutException) when (messenger.ReceivedFrom(silo) != received)
        {
            return new ProbeFinding(ProbeOutcome.Answered, ""); // It sent something else meanwhile: it is only slow.
        }
        catch (Exception error) when (IsFailure(error, cancellation))
        {
            if (GreetingException.CauseOf(error) is { IsDeathNotice: true }) ToldDead(silo);
            return HasStalled(started, waits)
                ? new ProbeFinding(ProbeOutcome.Stalled, "this silo did not run")
                : new ProbeFinding(
                    error is SiloUnavailableException ? ProbeOutcome.Refused : ProbeOutcome.Missed, error.Message)
                {
                    IsOtherEngine = GreetingException.CauseOf(error) is { IsOtherEngine: true },
                };
        }
    }

    // Who slept through its own timeout has not learned anything about the other one.
    private bool HasStalled(long started, TimeSpan waits) => clock.GetElapsedTime(started) > waits * 2;

    private void Notice(long version)
    {
        if (version > table.View.Version) Behind(version);
    }
}

/// <summary>What a probe found out.</summary>
internal readonly record struct ProbeFinding(ProbeOutcome Outcome, string Reason)
{
    /// <summary>Whether a silo of the official packages runs there: it lives, but can't be spoken to.</summary>
    public bool IsOtherEngine { get; init; }
}

/// <summary>What a probe found out.</summary>
internal enum ProbeOutcome
{
    /// <summary>It lives.</summary>
    Answered,

    /// <summary>It gave no answer to one that runs and may vote.</summary>
    Missed,

    /// <summary>Its port refused, or its link ended: most likely its process is gone.</summary>
    Refused,

    /// <summary>The one in between could not find out.</summary>
    Unclear,

    /// <summary>The asking silo itself did not run.</summary>
    Stalled,
}
