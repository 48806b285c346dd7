using System.Collections.Immutable;
using Aedile.Silo.Storage.Fleet;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>The engine knows one silo only: silos are judged by their beats alone.</summary>
internal sealed class NoVerdicts : IDeclaredDead
{
    private static readonly ImmutableHashSet<Guid> None = [];

    /// <inheritdoc/>
    public string OwnAddress => "";

    /// <inheritdoc/>
    public IReadOnlySet<Guid> Among(ImmutableArray<SiloRow> silos) => None;
}
