namespace Orleans.Runtime;

/// <summary>Something that a silo does once, when it has started and before its host goes on.</summary>
public interface IStartupTask
{
    /// <summary>Does it. If it throws, the silo stops and its host's start fails.</summary>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    Task Execute(CancellationToken cancellationToken);
}
