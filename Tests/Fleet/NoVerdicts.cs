using System.Collections.Immutable;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Storage.Fleet;

namespace Aedile.Tests.Fleet;

/// <summary>No membership: silos are judged by their beats alone.</summary>
internal sealed class NoVerdicts : IDeclaredDead
{
    private static readonly ImmutableHashSet<Guid> None = [];

    /// <inheritdoc/>
    public string OwnAddress => "";

    /// <inheritdoc/>
    public IReadOnlySet<Guid> Among(ImmutableArray<SiloRow> silos) => None;
}
