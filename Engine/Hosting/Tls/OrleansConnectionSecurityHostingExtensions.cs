using System.Security.Cryptography.X509Certificates;
using Aedile.Engine.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Connections.Security;

namespace Orleans.Hosting;

/// <summary>Encrypts the connections of a silo or client.</summary>
/// <remarks>All silos and clients of a fleet must use it, or none: one without can't connect to one with.</remarks>
public static class OrleansConnectionSecurityHostingExtensions
{
    /// <inheritdoc cref="UseTls(ISiloBuilder, Action{TlsOptions})"/>
    public static ISiloBuilder UseTls(
        this ISiloBuilder builder, X509Certificate2 certificate, Action<TlsOptions> configureOptions) =>
        builder.UseTls(options =>
        {
            options.LocalCertificate = certificate;
            configureOptions(options);
        });

    /// <inheritdoc cref="UseTls(ISiloBuilder, Action{TlsOptions})"/>
    public static ISiloBuilder UseTls(this ISiloBuilder builder, X509Certificate2 certificate) =>
        builder.UseTls(options => options.LocalCertificate = certificate);

    /// <summary>Encrypts the links of a silo with other silos and with clients.</summary>
    /// <exception cref="InvalidOperationException">There is no certificate, or it has no private key.</exception>
    public static ISiloBuilder UseTls(this ISiloBuilder builder, Action<TlsOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = Read(configureOptions);
        if (options.LocalCertificate is null)
            throw new InvalidOperationException("A silo with TLS needs a certificate to show.");
        Add(builder.Services, options);
        return builder;
    }

    /// <inheritdoc cref="UseTls(IClientBuilder, Action{TlsOptions})"/>
    public static IClientBuilder UseTls(
        this IClientBuilder builder, X509Certificate2 certificate, Action<TlsOptions> configureOptions) =>
        builder.UseTls(options =>
        {
            options.LocalCertificate = certificate;
            configureOptions(options);
        });

    /// <inheritdoc cref="UseTls(IClientBuilder, Action{TlsOptions})"/>
    public static IClientBuilder UseTls(this IClientBuilder builder, X509Certificate2 certificate) =>
        builder.UseTls(options => options.LocalCertificate = certificate);

    /// <summary>Encrypts the links of a client with gateways.</summary>
    /// <exception cref="InvalidOperationException">The certificate has no private key.</exception>
    public static IClientBuilder UseTls(this IClientBuilder builder, Action<TlsOptions> configureOptions)
    {
        ArgumentNullException.ThrowIfNull(builder);
        Add(builder.Services, Read(configureOptions));
        return builder;
    }

    private static void Add(IServiceCollection services, TlsOptions options) => services.AddSingleton<ILinkSecurity>(
        provider => new TlsLinks(options, provider.GetRequiredService<TimeProvider>()));

    private static TlsOptions Read(Action<TlsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TlsOptions();
        configure(options);
        return options.LocalCertificate is { HasPrivateKey: false }
            ? throw new InvalidOperationException("The certificate to show has no private key.")
            : options;
    }
}
