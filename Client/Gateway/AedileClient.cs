using System.Security.Cryptography.X509Certificates;

namespace Aedile.Client.Gateway;

/// <summary>
/// The REST API of a fleet, typed. It asks the gateway that answered last; when that one can't be reached or can't do
/// it now, it asks the others: always for reads, and for writes that are done once however often they are sent (each
/// carries an idempotency key of its own). Thread-safe; one for a process is enough.
/// </summary>
/// <exception cref="ProblemException">From every call: a gateway refused it and says why.</exception>
/// <exception cref="GatewayAwayException">From every call: none answered in time.</exception>
public sealed class AedileClient : IDisposable
{
    private readonly GatewayConnection _connection;
    private readonly HttpClient _http;

    /// <summary>A client that opens connections of its own, without a proxy.</summary>
    public AedileClient(GatewayOptions options, TimeProvider clock)
        : this(options, clock, MakeHandler(options))
    {
    }

    /// <summary>A client that sends through a handler, as for certificates of one's own; it disposes it.</summary>
    public AedileClient(GatewayOptions options, TimeProvider clock, HttpMessageHandler handler)
    {
        ArgumentNullException.ThrowIfNull(options);
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _connection = new GatewayConnection(_http, options, clock);
        Model = new ModelCalls(_connection);
        Changes = new ChangeCalls(_connection);
        Identity = new IdentityCalls(_connection);
        Repositories = new RepositoryCalls(_connection);
        Fleet = new FleetCalls(_connection);
        Agents = new AgentQuestions(_connection);
    }

    /// <summary>Definitions of every kind.</summary>
    public ModelCalls Model { get; }

    /// <summary>What was changed, as it is changed.</summary>
    public ChangeCalls Changes { get; }

    /// <summary>Logins and tokens.</summary>
    public IdentityCalls Identity { get; }

    /// <summary>Repositories and how their replicas stand.</summary>
    public RepositoryCalls Repositories { get; }

    /// <summary>Silos and nodes.</summary>
    public FleetCalls Fleet { get; }

    /// <summary>What agents ask.</summary>
    public AgentQuestions Agents { get; }

    /// <summary>The token that calls carry from now on; null for none.</summary>
    public string? Token { get => _connection.Token; set => _connection.Token = value; }

    /// <summary>
    /// The highest index of the model in any answer so far: what <see cref="ReadMode.Seen"/> waits for. A program that
    /// goes on where another one was gives it that one's.
    /// </summary>
    public long LastIndex { get => _connection.Seen; init => _connection.See(value); }

    /// <summary>
    /// Forgets <see cref="LastIndex"/>: after an import or a restore another history begins, at a lower index perhaps.
    /// </summary>
    public void ForgetIndex() => _connection.Forget();

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler MakeHandler(GatewayOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        // Shown whomever the gateway names: it names the fleet's own authorities, and anybody may have issued this one.
        if (options.Certificate is { } certificate)
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        if (options.Authorities is { } authorities)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions.CertificateChainPolicy = policy;
        }
        return handler;
    }
}
