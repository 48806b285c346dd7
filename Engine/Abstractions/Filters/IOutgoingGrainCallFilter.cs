namespace Orleans;

/// <summary>Runs around every call that a silo's grains and hosts, or a client, make.</summary>
public interface IOutgoingGrainCallFilter
{
    /// <inheritdoc cref="IGrainCallContext.Invoke"/>
    Task Invoke(IOutgoingGrainCallContext context);
}
