using System.Text.Json.Serialization;

namespace Aedile.Client.Model;

/// <summary>What an entry did to one entity.</summary>
/// <param name="Before">As it was; null when it was created.</param>
/// <param name="After">As it is; null when it was deleted.</param>
public sealed record EntityChange(Entity? Before, Entity? After)
{
    /// <summary>Whose change it is.</summary>
    [JsonIgnore]
    public EntityKey Key => (After ?? Before)!.Key;
}
