using Aedile.Client.Repositories;

namespace Aedile.Grains.Interfaces.Repositories;

// The client's value types know no engine. These say how each travels between grains.

/// <summary><see cref="RepositoryPath"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("s.repository-path")]
public readonly record struct RepositoryPathSurrogate([property: Id(0)] string Value);

/// <summary><see cref="TransactionId"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("s.transaction-id")]
public readonly record struct TransactionIdSurrogate([property: Id(0)] Guid Value);

/// <summary><see cref="ReplicaVersion"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("s.replica-version")]
public readonly record struct ReplicaVersionSurrogate([property: Id(0)] long Generation,
    [property: Id(1)] Guid Transaction);

/// <summary><see cref="CommandToken"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("s.command-token")]
public readonly record struct CommandTokenSurrogate([property: Id(0)] long Epoch, [property: Id(1)] long Sequence);

/// <summary><see cref="RefUpdate"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("s.ref-update")]
public readonly record struct RefUpdateSurrogate(
    [property: Id(0)] string Name, [property: Id(1)] string Old, [property: Id(2)] string New);

/// <summary>Converts <see cref="RepositoryPath"/>.</summary>
[RegisterConverter]
public sealed class RepositoryPathConverter : IConverter<RepositoryPath, RepositoryPathSurrogate>
{
    /// <inheritdoc/>
    public RepositoryPath ConvertFromSurrogate(in RepositoryPathSurrogate surrogate) =>
        RepositoryPath.TryParse(surrogate.Value, null, out var path) ? path : default;

    /// <inheritdoc/>
    public RepositoryPathSurrogate ConvertToSurrogate(in RepositoryPath value) => new(value.Value);
}

/// <summary>Converts <see cref="TransactionId"/>.</summary>
[RegisterConverter]
public sealed class TransactionIdConverter : IConverter<TransactionId, TransactionIdSurrogate>
{
    /// <inheritdoc/>
    public TransactionId ConvertFromSurrogate(in TransactionIdSurrogate surrogate) => new(surrogate.Value);

    /// <inheritdoc/>
    public TransactionIdSurrogate ConvertToSurrogate(in TransactionId value) => new(value.Value);
}

/// <summary>Converts <see cref="ReplicaVersion"/>.</summary>
[RegisterConverter]
public sealed class ReplicaVersionConverter : IConverter<ReplicaVersion, ReplicaVersionSurrogate>
{
    /// <inheritdoc/>
    public ReplicaVersion ConvertFromSurrogate(in ReplicaVersionSurrogate surrogate) =>
        new(surrogate.Generation, new TransactionId(surrogate.Transaction));

    /// <inheritdoc/>
    public ReplicaVersionSurrogate ConvertToSurrogate(in ReplicaVersion value) =>
        new(value.Generation, value.Transaction.Value);
}

/// <summary>Converts <see cref="CommandToken"/>.</summary>
[RegisterConverter]
public sealed class CommandTokenConverter : IConverter<CommandToken, CommandTokenSurrogate>
{
    /// <inheritdoc/>
    public CommandToken ConvertFromSurrogate(in CommandTokenSurrogate surrogate) =>
        new(surrogate.Epoch, surrogate.Sequence);

    /// <inheritdoc/>
    public CommandTokenSurrogate ConvertToSurrogate(in CommandToken value) => new(value.Epoch, value.Sequence);
}

/// <summary>Converts <see cref="RefUpdate"/>.</summary>
[RegisterConverter]
public sealed class RefUpdateConverter : IConverter<RefUpdate, RefUpdateSurrogate>
{
    /// <inheritdoc/>
    public RefUpdate ConvertFromSurrogate(in RefUpdateSurrogate surrogate) =>
        new(surrogate.Name, surrogate.Old, surrogate.New);

    /// <inheritdoc/>
    public RefUpdateSurrogate ConvertToSurrogate(in RefUpdate value) => new(value.Name, value.Old, value.New);
}
