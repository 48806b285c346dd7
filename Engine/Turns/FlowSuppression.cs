namespace Aedile.Engine.Turns;

/// <summary>Keeps the caller's ambient values out of work that is started for later.</summary>
internal readonly struct FlowSuppression : IDisposable
{
    private readonly AsyncFlowControl _control;
    private readonly bool _suppressed;

    private FlowSuppression(AsyncFlowControl control)
    {
        _control = control;
        _suppressed = true;
    }

    /// <summary>Suppresses the flow until disposal; does nothing when it already is suppressed.</summary>
    public static FlowSuppression Begin() =>
        ExecutionContext.IsFlowSuppressed() ? default : new FlowSuppression(ExecutionContext.SuppressFlow());

    public void Dispose()
    {
        if (_suppressed) _control.Undo();
    }
}
