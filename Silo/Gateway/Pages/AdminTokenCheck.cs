using System.Security.Cryptography;
using System.Text;
using Aedile.Dashboard.SignIn;
using Aedile.Silo.Gateway.Access;

namespace Aedile.Silo.Gateway.Pages;

/// <summary>Lets the holder of the admin token sign in to the dashboard.</summary>
internal sealed class AdminTokenCheck(string adminToken) : ITokenCheck
{
    private const string Purpose = "aedile dashboard session";

    private readonly byte[] _digest = TokenAuthentication.DigestOf(adminToken);
    private readonly string _stamp = Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(adminToken), Encoding.UTF8.GetBytes(Purpose)));

    /// <inheritdoc/>
    public ValueTask<TokenHolder?> Check(string token, CancellationToken cancellation) => ValueTask.FromResult(
        CryptographicOperations.FixedTimeEquals(TokenAuthentication.DigestOf(token.Trim()), _digest)
            ? new TokenHolder(TokenAuthentication.Admin, _stamp)
            : null);

    /// <inheritdoc/>
    public ValueTask<bool> IsCurrent(string stamp, CancellationToken cancellation) =>
        ValueTask.FromResult(stamp == _stamp);
}
