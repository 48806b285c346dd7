using System.Collections.Immutable;

namespace Aedile.Grains.Interfaces.Model;

/// <summary>By what right somebody writes.</summary>
[GenerateSerializer, Alias("model.right")]
public enum ActorRight
{
    /// <summary>None that this silo knows: nothing may be written.</summary>
    Unknown,

    /// <summary>
    /// A silo's own act, such as its keys, or one that a caller may only do in a fixed form, such as to spend an
    /// enrolment token; the silo has judged it by that form's own rule.
    /// </summary>
    System,

    /// <summary>The static admin token: everything.</summary>
    AdminToken,

    /// <summary>An identity of the model: what its roles allow when the command is decided.</summary>
    Identity,
}

/// <summary>Who writes, as the gateway let him in. The sequencer looks again, at its own newest state.</summary>
/// <param name="Right">By what right.</param>
/// <param name="Identity">Id of the identity; null for the others.</param>
/// <param name="Roles">The roles that its token may use: of these, those that it still has count.</param>
[GenerateSerializer, Immutable, Alias("model.rights")]
public sealed record ActorRights(ActorRight Right, string? Identity, ImmutableArray<string> Roles)
{
    /// <summary>Of a silo's own acts.</summary>
    public static ActorRights System { get; } = new(ActorRight.System, null, []);

    /// <summary>Of the static admin token.</summary>
    public static ActorRights AdminToken { get; } = new(ActorRight.AdminToken, null, []);
}
