using Aedile.Engine.Activations;
using Aedile.Engine.Turns;

namespace Aedile.Tests.Engine;

/// <summary>A request for tests of the pure interleaving rules: it is never really started.</summary>
internal sealed class ScriptedRequest(bool always, bool readOnly, Guid reentrancyId, int number) : Request
{
    public int Number { get; } = number;

    public override bool AlwaysInterleaves => always;

    public override bool IsReadOnly => readOnly;

    public override Guid ReentrancyId => reentrancyId;

    public override bool IsAbandoned => false;

    public override bool Start(Activation activation, object grain) => true;

    public override void Refuse(Exception reason)
    {
    }

    public override string ToString() => $"#{Number}{(always ? " always" : "")}{(readOnly ? " reading" : "")}";
}
