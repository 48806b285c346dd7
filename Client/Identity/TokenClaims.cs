using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Aedile.Client.Fleet;
using Aedile.Client.Model;

namespace Aedile.Client.Identity;

/// <summary>An <see cref="AccessToken"/> as the claims of a JSON Web Token (RFC 7519), and back.</summary>
internal static class TokenClaims
{
    private const int RolesMax = 64;
    private const long SecondsMax = 253_402_300_799; // The last second of the year 9999.

    /// <summary>Writes the claims.</summary>
    public static byte[] Write(AccessToken token)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("iss", token.Fleet.Value);
            json.WriteString("sub", token.Identity.Value);
            json.WriteString("aud", token.Audience);
            json.WriteNumber("iat", token.IssuedAt.ToUnixTimeSeconds());
            json.WriteNumber("nbf", token.NotBefore.ToUnixTimeSeconds());
            json.WriteNumber("exp", token.ExpiresAt.ToUnixTimeSeconds());
            json.WriteString("jti", token.Id.Value);
            json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(token.Kind.ToString()));
            json.WriteStartArray("roles");
            foreach (var role in token.Roles) json.WriteStringValue(role.Value);
            json.WriteEndArray();
            if (token.Node is { } node) json.WriteString("node", node.Value);
            if (token.Certificate is { } certificate)
            {
                json.WriteStartObject("cnf");
                json.WriteString("x5t#S256", certificate.Value);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads claims; each that we write must be there and be of its type. Others are left alone, so that a newer silo
    /// may add some; one that narrows what a token is good for would come with <c>crit</c>, which is refused.
    /// </summary>
    public static bool TryRead(JsonElement claims, [NotNullWhen(true)] out AccessToken? token)
    {
        token = null;
        if (!FleetId.TryParse(CompactJws.TextOf(claims, "iss"), null, out var fleet)
            || !EntityId.TryParse(CompactJws.TextOf(claims, "sub"), null, out var identity)
            || !TokenId.TryParse(CompactJws.TextOf(claims, "jti"), null, out var id)
            || CompactJws.TextOf(claims, "aud") is not { Length: > 0 } audience
            || !TryReadTime(claims, "iat", out var issuedAt)
            || !TryReadTime(claims, "nbf", out var notBefore)
            || !TryReadTime(claims, "exp", out var expiresAt)
            || !TryReadKind(claims, out var kind)
            || !TryReadRoles(claims, out var roles)
            || !TryReadNode(claims, out var node)
            || !TryReadCertificate(claims, out var certificate)) return false;
        // An agent's token is nothing without its node, and no other has one.
        if ((kind is TokenKind.Agent) != (node is not null)) return false;
        token = new AccessToken(
            fleet, identity, kind, audience, roles, id, issuedAt, notBefore, expiresAt, node, certificate);
        return true;
    }

    private static bool TryReadTime(JsonElement claims, string name, out DateTimeOffset time)
    {
        var isTime = claims.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number
            && value.TryGetInt64(out var seconds) && seconds is >= 0 and <= SecondsMax;
        time = isTime ? DateTimeOffset.FromUnixTimeSeconds(value.GetInt64()) : default;
        return isTime;
    }

    private static bool TryReadKind(JsonElement claims, out TokenKind kind)
    {
        kind = CompactJws.TextOf(claims, "kind") switch
        {
            "access" => TokenKind.Access,
            "agent" => TokenKind.Agent,
            "silo" => TokenKind.Silo,
            _ => TokenKind.Unknown,
        };
        return kind is not TokenKind.Unknown;
    }

    private static bool TryReadRoles(JsonElement claims, out ImmutableArray<EntityId> roles)
    {
        roles = [];
        if (!claims.TryGetProperty("roles", out var list) || list.ValueKind is not JsonValueKind.Array
            || list.GetArrayLength() > RolesMax) return false;
        var read = ImmutableArray.CreateBuilder<EntityId>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind is not JsonValueKind.String || item.GetRawText() is not ['"', .. var text, '"']
                || !EntityId.TryParse(text, null, out var role)) return false;
            read.Add(role);
        }
        roles = read.MoveToImmutable();
        return true;
    }

    private static bool TryReadNode(JsonElement claims, out NodeName? node)
    {
        node = null;
        if (!claims.TryGetProperty("node", out _)) return true;
        if (!NodeName.TryParse(CompactJws.TextOf(claims, "node"), null, out var name)) return false;
        node = name;
        return true;
    }

    // One that is there and can't be read must not turn into none: the token would need no certificate any more.
    private static bool TryReadCertificate(JsonElement claims, out Fingerprint? certificate)
    {
        certificate = null;
        if (!claims.TryGetProperty("cnf", out var confirmation)) return true;
        if (confirmation.ValueKind is not JsonValueKind.Object
            || !Fingerprint.TryParse(CompactJws.TextOf(confirmation, "x5t#S256"), null, out var value)) return false;
        certificate = value;
        return true;
    }
}
