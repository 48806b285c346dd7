using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Aedile.Client.Identity;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>A fleet of <c>./run --tls</c> with one agent, whose own certificate is taken or nothing is ready.</summary>
public sealed class SmallTlsFleet : EmbeddedFleet
{
    public SmallTlsFleet() : base(1) => MoreOptions = ["--tls"];
}

/// <summary>
/// Goal: with TLS, who holds the key of a certificate that was made a login gets in by it, as a person does it, and
/// everybody else is told why not.
/// </summary>
[Trait("Engine", "Bundled")] // SQLite goes with that one only.
public sealed class CertificateLoginJourneyTests(SmallTlsFleet fleet) : IClassFixture<SmallTlsFleet>, IDisposable
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly TestFolder _folder = new("certificates");
    private readonly List<IDisposable> _mine = [];

    private Uri Gateway => new($"https://127.0.0.1:{fleet.Port}");

    private string Authorities => Path.Combine(fleet.Data, "ca.pem");

    public void Dispose()
    {
        _mine.ForEach(one => one.Dispose());
        _folder.Dispose();
    }

    [Fact(Timeout = 180_000)]
    public async Task A_person_logs_in_by_a_certificate_of_her_own()
    {
        var (certificate, key) = Make("ann", Now, Now.AddDays(1));
        var (root, ann) = (await LogInAsRoot(), NewCommand());
        (await root.Run("identity", "create", "cert-ann", "--role", "viewer")).MustSucceed();
        MustEnd(1, await ann.Run("login", "--certificate", certificate, "--key", key), "certificate-unknown");
        MustEnd(2, await ann.Run("login", "--certificate", certificate), "no certificate with its key");

        // Twice: the second time there is nothing to do.
        var added = Json(await root.Run("identity", "certificate", "cert-ann", "--certificate", certificate, "--json"));
        var again = Json(await root.Run("identity", "certificate", "cert-ann", "--certificate", certificate, "--json"));
        Assert.Equal(added.ToJsonString(), again.ToJsonString());
        MustEnd(
            1, await root.Run("identity", "certificate", "admin", "--certificate", certificate), "certificate-taken");

        (await ann.Run("login", "--certificate", certificate, "--key", key)).MustSucceed();
        Assert.Contains("cert-ann", (await ann.Run("whoami")).MustSucceed().Output, StringComparison.Ordinal);
        (await ann.Run("node", "list")).MustSucceed(); // By the token: the certificate is shown at the login alone.
        MustEnd(1, await ann.Run("model", "create", "nodes", "--spec", "{}"), "forbidden");
        // A key with a password, in one file with its certificate.
        var locked = Lock(certificate, key, "swordfish");
        (await ann.RunWith("swordfish\n", "login", "--certificate", locked)).MustSucceed();
        MustEnd(2, await ann.RunWith("wrong\n", "login", "--certificate", locked), "no certificate with its key");

        (await root.Run("identity", "disable", "cert-ann")).MustSucceed();
        MustEnd(1, await ann.Run("login", "--certificate", locked[..^4] + ".plain"), "identity-disabled");
        (await root.Run("identity", "enable", "cert-ann")).MustSucceed();
        (await root.Run("model", "delete", "authenticators", (string)added["authenticator"]!)).MustSucceed();
        MustEnd(1, await ann.Run("login", "--certificate", certificate, "--key", key), "certificate-unknown");
    }

    [Fact(Timeout = 120_000)]
    public async Task Whose_certificate_is_no_login_is_told_why_and_gets_no_further()
    {
        var (unknown, unknownKey) = Make("unknown", Now, Now.AddDays(1));
        var (early, earlyKey) = Make("early", Now.AddDays(1), Now.AddDays(2));
        var (late, lateKey) = Make("late", Now.AddDays(-2), Now.AddDays(-1));
        var root = await LogInAsRoot();
        (await root.Run("identity", "create", "cert-bob", "--type", "program")).MustSucceed();
        (await root.Run("identity", "certificate", "cert-bob", "--certificate", early)).MustSucceed();
        MustEnd(1, await root.Run("identity", "certificate", "cert-bob", "--certificate", late), "[certificate]");
        using (var over = X509CertificateLoader.LoadCertificateFromFile(late))
        {
            var spec = $$$"""
                {"identity":"cert-bob","certificate":{"fingerprint":"{{{Fingerprint.Of(over)}}}",
                "notAfter":"{{{Now.AddDays(1):O}}}"}}
                """;
            (await root.Run("model", "create", "authenticators", "--spec", spec)).MustSucceed();
        }

        foreach (var (certificate, key, type) in ((string?, string, string)[])
        [
            (null, "", "certificate-missing"), (unknown, unknownKey, "certificate-unknown"),
            (early, earlyKey, "certificate-not-yet-valid"), (late, lateKey, "certificate-expired"),
        ])
        {
            string[] shown = certificate is null ? [] : ["--cert", certificate, "--key", key];
            var answer = await Curl([.. shown, "-i", "-X", "POST", $"{Gateway}v1/login/certificate"]);
            Assert.Contains("401 Unauthorized", answer.MustSucceed().Output, StringComparison.Ordinal);
            Assert.Contains($"\"urn:aedile:{type}\"", answer.Output, StringComparison.Ordinal);
        }

        // A stranger's certificate opens that door and no other, whatever token comes with it.
        foreach (var path in (string[])["healthz", "v1/fleet", "v1/login", "v1/login/certificate/x", "V1/LOGIN"])
        {
            foreach (var token in (string[])["", fleet.Token])
            {
                var run = await Curl(
                    "--cert", unknown, "--key", unknownKey, "-H", $"Authorization: Bearer {token}", $"{Gateway}{path}");
                Assert.NotEqual(0, run.ExitCode);
                Assert.Empty(run.Output);
            }
        }
        var known = await Curl("--cert", early, "--key", earlyKey, $"{Gateway}healthz");
        Assert.Equal("alive\n", known.MustSucceed().Output);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_private_key_that_is_sent_by_mistake_is_refused()
    {
        var (certificate, key) = Make("mistake", Now, Now.AddDays(1));
        var body = new JsonObject
        {
            ["certificate"] = await File.ReadAllTextAsync(certificate) + await File.ReadAllTextAsync(key),
        };
        foreach (var (text, words) in ((string, string)[])
        [
            (body.ToJsonString(), "private key stays with its owner"),
            ("""{"certificate":"-----BEGIN CERTIFICATE-----"}""", "no certificate"), ("{}", "certificate"),
        ])
        {
            var answer = await Curl(
                "-i", "-H", $"Authorization: Bearer {fleet.Token}", "--json", text,
                $"{Gateway}v1/identities/admin/certificates");
            Assert.Contains("400 Bad Request", answer.MustSucceed().Output, StringComparison.Ordinal);
            Assert.Contains(words, answer.Output, StringComparison.Ordinal);
        }
    }

    // A browser asks its user for a certificate of an issuer that is named; of no named one there is nothing to ask.
    [Fact(Timeout = 60_000)]
    public async Task The_handshake_names_the_fleets_authorities_and_nobody_else()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", fleet.Port);
        string[] named = [];
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
            LocalCertificateSelectionCallback = (_, _, _, _, issuers) =>
            {
                if (issuers.Length > 0) named = issuers;
                return null!;
            },
        });
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Authorities);
        Assert.NotEmpty(named);
        Assert.Equal(authorities.Select(one => one.Subject).Order(), named.Order());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_session_remembers_by_which_authorities_its_fleet_is_known()
    {
        using var stranger = new AedileCommand(Gateway);
        using var known = new AedileCommand(Gateway) { Patience = 30 };
        string[] login = ["login", "--static-token-file", Path.Combine(fleet.Data, "admin.token")];
        var (others, key) = Make("others", Now, Now.AddDays(1));
        foreach (var arguments in (string[][])[login, [.. login, "--ca-file", others]])
        {
            // Never let in; on a busy machine it may first be told that a handshake took too long.
            await Eventually.True("it is told about the certificate", TimeSpan.FromSeconds(60), async () =>
            {
                var run = await stranger.Run(arguments);
                Assert.Equal(3, run.ExitCode);
                return run.Text.Contains("certificate", StringComparison.Ordinal);
            });
        }
        MustEnd(2, await stranger.Run([.. login, "--ca-file", key]), "no certificates");
        (await known.Run([.. login, "--ca-file", Authorities])).MustSucceed();
        (await known.Run("node", "list")).MustSucceed();
        // Each silo is asked by itself here, by the same authorities.
        Assert.DoesNotContain("certificate", (await known.Run("check")).Text, StringComparison.Ordinal);
    }

    private async Task<AedileCommand> LogInAsRoot()
    {
        var root = NewCommand();
        (await root.Run("login", "--static-token-file", Path.Combine(fleet.Data, "admin.token"))).MustSucceed();
        return root;
    }

    private AedileCommand NewCommand()
    {
        var command = new AedileCommand(Gateway) { Authorities = Authorities, Patience = 30 };
        _mine.Add(command);
        return command;
    }

    private (string Certificate, string Key) Make(string name, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(from, to);
        File.WriteAllText(_folder[$"{name}.pem"], certificate.ExportCertificatePem());
        File.WriteAllText(_folder[$"{name}.key"], key.ExportPkcs8PrivateKeyPem());
        return (_folder[$"{name}.pem"], _folder[$"{name}.key"]);
    }

    // Certificate and key in one file: with a password, and beside it without.
    private string Lock(string certificate, string key, string password)
    {
        using var read = ECDsa.Create();
        read.ImportFromPem(File.ReadAllText(key));
        var locked = read.ExportEncryptedPkcs8PrivateKeyPem(
            password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        var text = File.ReadAllText(certificate);
        File.WriteAllText(_folder["both.plain"], $"{text}\n{File.ReadAllText(key)}\n");
        File.WriteAllText(_folder["both.pem"], $"{text}\n{locked}\n");
        return _folder["both.pem"];
    }

    private Task<CommandResult> Curl(params string[] arguments) =>
        new Command("curl", ["-sS", "-m", "15", "--cacert", Authorities, .. arguments])
        {
            Limit = TimeSpan.FromSeconds(20),
        }.Run();

    private static JsonNode Json(CommandResult run) => JsonNode.Parse(run.MustSucceed().Output)!;

    private static void MustEnd(int exitCode, CommandResult run, string words)
    {
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(words, run.Text, StringComparison.Ordinal);
    }
}
