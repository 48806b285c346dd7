using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Identity;

namespace Aedile.Silo.Gateway.Pages;

/// <summary>
/// What a session of the dashboard remembers of the token that it was given for: all that the token says, and which key
/// had signed it. The token can't be made of it.
/// </summary>
/// <param name="Kid">The key.</param>
/// <param name="Token">What it says.</param>
/// <param name="IsOwn">Whether the token was made for this session, and ends with it.</param>
internal sealed record SessionStamp(KeyId Kid, AccessToken Token, bool IsOwn)
{
    /// <summary>Reads it back; null when it is another kind of stamp.</summary>
    public static SessionStamp? Parse(string text)
    {
        if (text is not ['{', ..]) return null;
        try
        {
            return JsonSerializer.Deserialize<SessionStamp>(text, Wire.Json);
        }
        catch (JsonException)
        {
            return null; // Another version of this program wrote it: one signs in again.
        }
    }

    /// <inheritdoc/>
    public override string ToString() => JsonSerializer.Serialize(this, Wire.Json);
}
