using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Orleans.Connections.Security;

namespace Aedile.Engine.Messaging;

/// <summary>Encrypts connections with TLS, and lets in only whom the options trust.</summary>
internal sealed class TlsLinks(TlsOptions options, TimeProvider clock) : ILinkSecurity
{
    private volatile Shown? _own;

    private X509RevocationMode Revocation =>
        options.CheckCertificateRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck;

    public ValueTask<IDuplexPipe> SecureDialled(
        ConnectionContext connection, IPEndPoint address, CancellationToken stop)
    {
        var named = new TlsClientAuthenticationOptions();
        options.OnAuthenticateAsClient?.Invoke(connection, named);
        var settings = new SslClientAuthenticationOptions
        {
            TargetHost = named.TargetHost ?? "",
            EnabledSslProtocols = options.SslProtocols,
            CertificateRevocationCheckMode = Revocation,
            ClientCertificateContext = Own(),
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                IsTrusted(options.RemoteCertificateMode, certificate, chain, errors),
        };
        return Secure(connection, (tls, limit) => tls.AuthenticateAsClientAsync(settings, limit), stop);
    }

    public ValueTask<IDuplexPipe> SecureAccepted(ConnectionContext connection)
    {
        var settings = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = Own(),
            EnabledSslProtocols = options.SslProtocols,
            CertificateRevocationCheckMode = Revocation,
            ClientCertificateRequired = options.ClientCertificateMode != RemoteCertificateMode.NoCertificate,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                IsTrusted(options.ClientCertificateMode, certificate, chain, errors),
        };
        return Secure(
            connection, (tls, limit) => tls.AuthenticateAsServerAsync(settings, limit), CancellationToken.None);
    }

    // Made once for a certificate, and of what is on this machine: otherwise each handshake would look for its chain.
    private SslStreamCertificateContext? Own()
    {
        if (options.LocalCertificate is not { } certificate) return null;
        var kept = _own;
        if (kept is null || !ReferenceEquals(kept.Certificate, certificate))
        {
            _own = kept = new Shown(certificate, SslStreamCertificateContext.Create(
                certificate, additionalCertificates: null, offline: true));
        }
        return kept.Context;
    }

    private async ValueTask<IDuplexPipe> Secure(
        ConnectionContext connection, Func<SslStream, CancellationToken, Task> authenticate, CancellationToken stop)
    {
        var tls = new SslStream(new DuplexPipeStream(connection.Transport));
        using var limit = new CancellationTokenSource(options.HandshakeTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await authenticate(tls, either.Token);
            return new TlsPipe(PipeReader.Create(tls), PipeWriter.Create(tls));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            await tls.DisposeAsync();
            throw new IOException($"TLS was not agreed upon within {options.HandshakeTimeout.TotalSeconds} s.");
        }
        catch (AuthenticationException error)
        {
            await tls.DisposeAsync();
            throw new IOException($"TLS was refused: {error.InnerException?.Message ?? error.Message}", error);
        }
    }

    private bool IsTrusted(
        RemoteCertificateMode mode, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (mode == RemoteCertificateMode.NoCertificate) return true;
        if (certificate is null) return mode == RemoteCertificateMode.AllowCertificate;
        var shown = certificate as X509Certificate2
            ?? X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return options.RemoteCertificateValidation?.Invoke(shown, chain, errors) ?? errors == SslPolicyErrors.None;
    }

    private sealed record Shown(X509Certificate2 Certificate, SslStreamCertificateContext Context);

    private sealed record TlsPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
