using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Silo.Storage.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>What one session's agent says of its node. Told by the session's listener only.</summary>
internal sealed class SessionStatus(NodeSession session, NodeStatuses statuses, TimeProvider clock)
{
    private volatile Heard _heard = new(StatusIntake.Empty, default);

    /// <summary>What to write; null when nothing was heard, or the session has no epoch yet.</summary>
    public StatusRow? Row
    {
        get
        {
            var (intake, at) = _heard;
            return session.Epoch is { } epoch && intake.Status is { } status
                ? new StatusRow(
                    session.Hello.Node, epoch, session.Hello.BootId, intake.Sequence,
                    JsonSerializer.Serialize(status, Wire.Json), at)
                : null;
        }
    }

    /// <summary>The session begins: asks for what is missing since the table's row.</summary>
    public void Begin()
    {
        var hello = session.Hello;
        if (hello.LastEvent == 0) return; // An agent of an earlier program sends none, and knows no such question.
        if (statuses.Find(hello.Node) is { } row && row.BootId == hello.BootId && Read(row) is { } status)
            _heard = new Heard(new StatusIntake(row.Sequence, status, false), row.At);
        var intake = _heard.Intake;
        if (intake.Sequence >= hello.LastEvent) return;
        _heard = _heard with { Intake = intake with { IsAsked = true } };
        session.Send(new SessionMessage.StatusWanted(intake.Sequence));
    }

    /// <summary>An event came.</summary>
    public void Take(SessionMessage.StatusEvent said)
    {
        var (next, news) = _heard.Intake.Take(said);
        _heard = new Heard(next, news is StatusNews.Changed ? clock.GetUtcNow() : _heard.At);
        if (news is StatusNews.Gap) session.Send(new SessionMessage.StatusWanted(next.Sequence));
        else if (news is StatusNews.Changed) statuses.Note(session.Hello.Node, this);
    }

    /// <summary>What a row says; null when a newer program wrote it.</summary>
    public static NodeStatus? Read(StatusRow row)
    {
        try
        {
            return JsonSerializer.Deserialize<NodeStatus>(row.Content, Wire.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Heard(StatusIntake Intake, DateTimeOffset At);
}
