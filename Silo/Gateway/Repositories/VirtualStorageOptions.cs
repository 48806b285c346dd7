using System.ComponentModel.DataAnnotations;
using Aedile.Client.Fleet;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Bound from the root: <c>VirtualStorages</c>; checked at start.</summary>
public sealed class VirtualStorageOptions : IValidatableObject
{
    /// <summary>The virtual storages of this installation; names are case-sensitive and unique.</summary>
    public IList<VirtualStorage> VirtualStorages { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (VirtualStorages.Count == 0) yield return new("VirtualStorages: at least one is needed.");
        foreach (var twice in VirtualStorages.GroupBy(s => s.Name).Where(g => g.Count() > 1))
            yield return new($"VirtualStorages: '{twice.Key}' is there {twice.Count()} times.");
        foreach (var reason in VirtualStorages.SelectMany(Check)) yield return new("VirtualStorages: " + reason);
    }

    private static IEnumerable<string> Check(VirtualStorage storage)
    {
        // The rule of a node's name fits: it stands in an address, too.
        if (!NodeName.TryParse(storage.Name, null, out _)) yield return $"'{storage.Name}' is not a name.";
        if (storage.ReplicationFactor is < 1 or > 9)
            yield return $"'{storage.Name}' has replicationFactor {storage.ReplicationFactor}; 1 to 9 is possible.";
        foreach (var node in storage.Nodes.Where(n => !NodeName.TryParse(n, null, out _)))
            yield return $"'{storage.Name}' lists '{node}', which is not a node name.";
        if (storage.Nodes.Distinct(StringComparer.Ordinal).Count() != storage.Nodes.Count)
            yield return $"'{storage.Name}' lists a node twice.";
        if (storage.Nodes.Count > 0 && storage.Nodes.Count < storage.ReplicationFactor)
            yield return $"'{storage.Name}' has replicationFactor {storage.ReplicationFactor}, "
                + $"but lists {storage.Nodes.Count} nodes.";
    }
}

/// <summary>A named set of storage nodes.</summary>
public sealed class VirtualStorage
{
    /// <summary>Its name, as in the address of a repository.</summary>
    public string Name { get; set; } = "";

    /// <summary>How many replicas a new repository gets. Default 3: one may fail and writes go on.</summary>
    public int ReplicationFactor { get; set; } = 3;

    /// <summary>
    /// Names of its nodes. Default none, which means every known node; then the factor may be cut to their number.
    /// </summary>
    public IList<string> Nodes { get; } = [];
}

/// <summary>Generated check of <see cref="VirtualStorageOptions"/>.</summary>
[OptionsValidator]
public sealed partial class VirtualStorageOptionsValidator : IValidateOptions<VirtualStorageOptions>;
