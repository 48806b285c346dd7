using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Model;

namespace Aedile.Client.Identity;

/// <summary>Whom a certificate of the fleet's own authorities names: <c>aedile://FLEET/identity/ID</c>.</summary>
public readonly record struct PeerName(FleetId Fleet, EntityId Identity)
{
    private const string Scheme = "aedile://";
    private const string Middle = "/identity/";
    private const string AlternativeNames = "2.5.29.17";
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>The name that a certificate has.</summary>
    /// <returns>False unless exactly one of its alternative names is an address, and that one is a peer's.</returns>
    public static bool TryRead(X509Certificate2 certificate, out PeerName name)
    {
        name = default;
        string? found = null;
        try
        {
            foreach (var extension in certificate.Extensions.Where(e => e.Oid?.Value == AlternativeNames))
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (names.PeekTag() != UriTag) names.ReadEncodedValue();
                    else if (found is not null) return false;
                    else found = names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag);
                }
            }
        }
        catch (Exception error) when (error is AsnContentException or CryptographicException)
        {
            return false; // Not what the extension's type promises: nobody is named.
        }
        return TryParse(found, out name);
    }

    /// <summary>Reads the address; nothing may come before, after or between.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PeerName name)
    {
        name = default;
        if (text is null || !text.StartsWith(Scheme, StringComparison.Ordinal)) return false;
        var middle = text.IndexOf(Middle, StringComparison.Ordinal);
        if (middle < Scheme.Length || !FleetId.TryParse(text[Scheme.Length..middle], null, out var fleet)
            || !EntityId.TryParse(text[(middle + Middle.Length)..], null, out var identity)) return false;
        name = new PeerName(fleet, identity);
        return true;
    }

    /// <summary>The address.</summary>
    public override string ToString() => $"{Scheme}{Fleet}{Middle}{Identity}";
}
