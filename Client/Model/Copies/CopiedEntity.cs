using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aedile.Client.Model.Copies;

/// <summary>
/// An entity on its way to an agent, and in its copy: as the silo wrote it. An agent of an older program keeps what it
/// can't read, and its copy is whole all the same.
/// </summary>
/// <param name="Kind">Its kind's name.</param>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its JSON.</param>
[JsonConverter(typeof(CopiedEntityJsonConverter))]
public sealed record CopiedEntity(string Kind, string Id, string Text)
{
    /// <summary>Names it within a copy.</summary>
    [JsonIgnore]
    public string Key => KeyOf(Kind, Id);

    /// <summary>The name of an entity within a copy.</summary>
    public static string KeyOf(string kind, string id) => $"{kind}/{id}";

    /// <summary>The first half of SHA-256 over its text.</summary>
    public UInt128 Digest()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(Text), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>The entity; null when this program doesn't know its kind, or what its spec says.</summary>
    public Entity? Read()
    {
        try
        {
            return EntityKinds.Find(Kind) is null ? null : JsonSerializer.Deserialize<Entity>(Text, Wire.Json);
        }
        catch (JsonException)
        {
            return null; // Written by a newer silo.
        }
    }
}
