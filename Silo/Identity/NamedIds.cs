using System.Security.Cryptography;
using System.Text;
using Aedile.Client.Identity;
using Aedile.Client.Model;

namespace Aedile.Silo.Identity;

/// <summary>Ids that follow from what they stand for, so that two silos that make it at once make one thing.</summary>
internal static class NamedIds
{
    private const int Bytes = 16;

    /// <summary>The id for a purpose and a name: 32 hexadecimal digits.</summary>
    public static EntityId Of(string purpose, string name) => EntityId.Parse(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}/{name}")).AsSpan(0, Bytes)));

    /// <summary>The one authenticator by password that an identity has.</summary>
    public static EntityId PasswordOf(EntityId identity) => Of("password", identity.Value);

    /// <summary>The authenticator by a certificate: two can't make it the login of two people at once.</summary>
    public static EntityId CertificateOf(Fingerprint fingerprint) => Of("certificate", fingerprint.Value);
}
