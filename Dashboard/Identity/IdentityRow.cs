using Aedile.Client.Model.Kinds;
using Aedile.Dashboard.Components;
using Aedile.Dashboard.Model;

namespace Aedile.Dashboard.Identity;

/// <summary>An identity in words: what list and page show, decided here and nowhere else.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it is.</param>
/// <param name="Roles">Its roles, joined.</param>
/// <param name="State">Whether it may call.</param>
/// <param name="Tone">How to colour it.</param>
internal sealed record IdentityRow(string Id, string Name, string Type, string Roles, string State, Tone Tone)
{
    /// <summary>Address of its page.</summary>
    public string Href => $"/identities/{Id}";

    public static IdentityRow From(IdentityView identity, DateTimeOffset now)
    {
        var (state, tone) = identity switch
        {
            { Spec.Disabled: true } => ("disabled", Tone.Bad),
            { LockedUntil: { } until } => ($"locked out for {Duration.InWords(until - now)}", Tone.Warning),
            { Spec.Roles.Count: 0 } => ("enabled, may do nothing", Tone.Quiet),
            _ => ("enabled", Tone.Good),
        };
        return new IdentityRow(
            identity.Id.Value, identity.Name, TypeOf(identity.Spec.Type),
            identity.Spec.Roles.IsEmpty ? "none" : string.Join(", ", identity.Spec.Roles), state, tone);
    }

    /// <summary>A way of proving who one is, as people call it, and how it is.</summary>
    public static (string Name, string State, Tone Tone) Describe(LoginWay way)
    {
        var moment = way.Moment is { } at ? EntityFacts.MomentOf(at) : "";
        return (way.Kind switch
        {
            LoginWayKind.Password => "Password",
            LoginWayKind.Certificate => "Certificate",
            LoginWayKind.Code => "One-time code",
            _ => "Unknown",
        }, way.State switch
        {
            WayState.Good when way.Kind is LoginWayKind.Password => "set",
            WayState.Good when way.Kind is LoginWayKind.Code => $"not used yet, good until {moment}",
            WayState.Good => $"good until {moment}",
            WayState.Locked => $"locked out until {moment}",
            WayState.Used => $"used {moment}",
            _ => $"over since {moment}",
        }, way.State switch
        {
            WayState.Good => Tone.Good,
            WayState.Locked => Tone.Warning,
            _ => Tone.Quiet,
        });
    }

    private static string TypeOf(IdentityType type) => type switch
    {
        IdentityType.Person => "person",
        IdentityType.Program => "program",
        IdentityType.Silo => "silo",
        IdentityType.Agent => "agent",
        _ => "unknown",
    };
}
