namespace Aedile.Client.Model;

/// <summary>Names the kind that a spec is of. Names are part of the journal: never renamed.</summary>
/// <param name="name">Singular, as in <c>virtual-storage</c>.</param>
/// <param name="plural">As in addresses: <c>virtual-storages</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EntityKindAttribute(string name, string plural) : Attribute
{
    /// <summary>Singular.</summary>
    public string Name => name;

    /// <summary>Plural.</summary>
    public string Plural => plural;
}
