namespace Orleans;

/// <summary>
/// Runs around every call of a grain, inside of the grain's turn. A grain class that implements it filters its own
/// calls, after the filters of the silo.
/// </summary>
public interface IIncomingGrainCallFilter
{
    /// <inheritdoc cref="IGrainCallContext.Invoke"/>
    Task Invoke(IIncomingGrainCallContext context);
}
