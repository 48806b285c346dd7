using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Silo.Identity;

namespace Aedile.Silo.Hosting;

/// <summary>
/// The operator's certificate of the gateway's port, as its two files are now: whoever renews it writes them, and no
/// silo has to be started again. Safe from any thread.
/// </summary>
internal sealed class BroughtCertificate
{
    /// <summary>How long files that were exchanged may go unnoticed.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Lock _looking = new();
    private volatile Pair _current;
    private string _seen;
    private long _lookedAt;

    /// <summary>Reads both files.</summary>
    /// <exception cref="StartupException">They are no certificate with its key.</exception>
    public BroughtCertificate(string certificateFile, string keyFile, TimeProvider clock, ILogger log)
    {
        (_certificateFile, _keyFile, _clock, _log) = (certificateFile, keyFile, clock, log);
        try
        {
            (_seen, _lookedAt) = (ReadText(), clock.GetTimestamp());
            _current = Parse();
        }
        catch (Exception error) when (IsOfFiles(error))
        {
            throw new StartupException(
                $"--tls-cert {certificateFile} and --tls-key {keyFile} are no certificate with its key (PEM): "
                + error.Message, error);
        }
    }

    /// <summary>
    /// The newest pair that was read: the same object until the files have another one. Cost: two small files are read
    /// every 10 s, by the call that comes then.
    /// </summary>
    public Pair Current
    {
        get
        {
            if (_clock.GetElapsedTime(Interlocked.Read(ref _lookedAt)) >= LookEvery && _looking.TryEnter())
            {
                try { Look(); }
                finally { _looking.Exit(); }
            }
            return _current;
        }
    }

    // Contents and not times: a link may lead to another file that is older.
    private void Look()
    {
        Interlocked.Exchange(ref _lookedAt, _clock.GetTimestamp());
        var now = "";
        try
        {
            now = ReadText();
            if (now == _seen) return;
            var pair = Parse();
            _current = pair;
            _log.BroughtCertificateTaken(_certificateFile, pair.Certificate.NotAfter.ToUniversalTime());
        }
        catch (Exception error) when (IsOfFiles(error))
        {
            // One of the two is written and the other is not yet, or it is a mistake: the old pair is still good.
            if (now != _seen) _log.BroughtCertificateNotTaken(_certificateFile, error.Message);
        }
        _seen = now;
    }

    private string ReadText() => File.ReadAllText(_certificateFile) + '\n' + File.ReadAllText(_keyFile);

    private Pair Parse()
    {
        var certificate = X509Certificate2.CreateFromPemFile(_certificateFile, _keyFile);
        var others = new X509Certificate2Collection();
        others.ImportFromPemFile(_certificateFile);
        return new Pair(certificate, others);
    }

    private static bool IsOfFiles(Exception error) =>
        error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    /// <summary>A certificate with its key, and all that its file has besides.</summary>
    internal sealed record Pair(X509Certificate2 Certificate, X509Certificate2Collection Others);
}
