using System.Security.Cryptography.X509Certificates;
using Aedile.Client.Identity;
using Aedile.Silo.Hosting;
using Aedile.Silo.Identity.Agents;
using Aedile.Silo.Identity.Certificates;
using Aedile.Silo.Identity.External;
using Aedile.Silo.Identity.Keys;
using Aedile.Silo.Identity.Logins;
using Aedile.Silo.Identity.Passwords;
using Microsoft.Extensions.Options;

namespace Aedile.Silo.Identity;

/// <summary>What a silo needs for identity; the model's services are there already.</summary>
internal static class IdentityServices
{
    /// <summary>Registers logins, keys and the loop that looks after them.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="silo">Name of the silo.</param>
    /// <param name="folder">The data folder; private keys are in it.</param>
    /// <param name="names">Where the silo is reached.</param>
    public static void AddIdentity(
        this IServiceCollection services, string silo, DataFolder folder, ServedNames names)
    {
        services.AddTokenChecks();
        services.AddSingleton<IIdentityModel, ModelIdentities>();
        services.AddSingleton(s => new SigningKeys(
            new KeyFolder(Path.Combine(folder.Root, "identity", silo)), s.GetRequiredService<IIdentityModel>(), silo,
            s.GetRequiredService<IdentityOptions>().Rotation, s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<SigningKeys>>()));
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton(s => new FirstAdmin(
            s.GetRequiredService<IIdentityModel>(), s.GetRequiredService<IIdSource>(), folder.AdminEnrolmentFile,
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<FirstAdmin>>()));
        services.AddCertificates(silo, folder, names);
        services.AddSingleton(s => new AuthoritiesFile(
            s.GetRequiredService<IIdentityModel>(), folder.AuthoritiesFile, silo));
        services.AddSingleton<LapsedProofs>();
        services.AddSingleton<IdentityDuties>();
        services.AddSingleton<IdentityStart>();
        services.AddHostedService<IdentityLoop>();
        services.AddSingleton<AgentTrustSource>();
        services.AddSingleton<AgentGrants>();
        services.AddSingleton<AgentEnrolment>();
        AddLogins(services);
        AddExternalSigners(services);
    }

    /// <summary>Registers what judges tokens by the replica; the host adds an <see cref="IIdentityModel"/>.</summary>
    public static void AddTokenChecks(this IServiceCollection services)
    {
        services.AddOptions<IdentityOptions>().BindConfiguration("Identity").ValidateOnStart();
        services.AddSingleton<IValidateOptions<IdentityOptions>, IdentityOptionsValidator>();
        services.AddSingleton(s => s.GetRequiredService<IOptions<IdentityOptions>>().Value);
        services.AddSingleton<TrustKeeper>();
        services.AddSingleton(s => new TokenVerifier(s.GetRequiredService<TimeProvider>()));
    }

    /// <summary>Registers this silo's own certificate, and what judges those of others.</summary>
    /// <param name="services">The silo's services; they have the port to the model.</param>
    /// <param name="silo">Name of the silo.</param>
    /// <param name="folder">The data folder; private keys are in it.</param>
    /// <param name="names">Where the silo is reached.</param>
    public static void AddCertificates(
        this IServiceCollection services, string silo, DataFolder folder, ServedNames names)
    {
        services.AddSingleton(names);
        services.AddSingleton(s => new OwnIdentity(
            s.GetRequiredService<IIdentityModel>(), silo, s.GetRequiredService<ILogger<OwnIdentity>>()));
        services.AddSingleton(s => new SiloAuthority(
            new KeyFolder(Path.Combine(folder.Root, "identity", silo, "authorities")),
            s.GetRequiredService<IIdentityModel>(), silo,
            s.GetRequiredService<IdentityOptions>().AuthorityRotation, s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<SiloAuthority>>()));
        services.AddSingleton<OwnCertificate>();
        services.AddSingleton<FleetPeers>();
    }

    private static void AddLogins(IServiceCollection services)
    {
        services.AddSingleton<LoginGate>();
        services.AddSingleton(s => new PasswordHasher(s.GetRequiredService<IdentityOptions>().PasswordIterations));
        services.AddSingleton(s => new WrongPasswords(s.GetRequiredService<IdentityOptions>().Lockout));
        services.AddSingleton<PasswordLogin>();
        services.AddSingleton<CertificateLogin>();
        services.AddSingleton<EnrolmentLogin>();
        services.AddSingleton<ExternalLogin>();
    }

    private static void AddExternalSigners(IServiceCollection services)
    {
        services.AddOptions<ExternalSignerOptions>().BindConfiguration("Identity:ExternalSigners").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExternalSignerOptions>, ExternalSignerOptionsValidator>();
        services.AddSingleton(s => s.GetRequiredService<IOptions<ExternalSignerOptions>>().Value);
        services.AddSingleton<IKeyFetch>(s =>
        {
            var options = s.GetRequiredService<ExternalSignerOptions>();
            var roots = new X509Certificate2Collection();
            if (options.RootsFile is { } file) roots.ImportFromPemFile(file);
            return new HttpKeyFetch(
                GuardedConnections.Handler(options.AllowedNetworks, roots), options,
                s.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton<SignerKeys>();
    }
}
