using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Aedile.Tests.Support;

namespace Aedile.Tests.Fleet;

/// <summary>
/// Goal: silos that take nobody without a certificate of the fleet find each other, whenever they come; and one whose
/// database is away still speaks TLS.
/// </summary>
[Trait("Engine", "Bundled")] // The official packages for TLS are not among those of this program.
public sealed class TlsSilosTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    [Fact(Timeout = 300_000)]
    public async Task Silos_that_come_at_the_same_time_are_one_fleet_and_so_is_one_that_comes_back()
    {
        await using var silos = new SiloSet { HasPostgres = true, HasTls = true };
        await silos.PrepareDatabase();
        await Task.WhenAll(silos.LaunchSilo(1), silos.LaunchSilo(2), silos.LaunchSilo(3));
        await UntilAllSee(silos, 1, 2, 3);
        await silos.StartAgent(1, 1, 2, 3);
        foreach (var silo in (int[])[1, 2, 3]) await silos.UntilNode(silo, 1, node => node.State == "running");

        await silos.Kill("silo-2");
        await silos.LaunchSilo(2);
        await UntilAllSee(silos, 1, 2, 3);
        await silos.UntilNode(2, 1, node => node.State == "running");
        foreach (var silo in (int[])[1, 2, 3]) Assert.True(silos.IsAlive(SiloSet.Silo(silo)), silos.Console);
        await MustRefuseStrangers(silos.SiloPort(1));
    }

    [Fact(Timeout = 300_000)]
    public async Task A_silo_that_waits_for_its_database_shows_the_certificate_of_its_own_authority()
    {
        await using var silos = new SiloSet { HasPostgres = true, HasTls = true };
        await silos.StartSilos(1);
        var copy = Path.Combine(silos.Data, "model", "silo-1");
        await Eventually.True("the silo has a copy of the model", Soon, () => Task.FromResult(
            Directory.Exists(copy) && Directory.EnumerateFiles(copy).Any()));
        await silos.Postgres.Stop();
        await silos.Kill("silo-1");
        await silos.LaunchSilo(1);
        var healthz = new Uri(silos.Address(1), "/healthz").AbsoluteUri;
        await Eventually.True("it answers by TLS, as the fleet's authorities say", Soon, async () =>
            (await Curl(silos, healthz)).Output == "alive\n");
        Assert.Contains(
            "waits for its database", (await Curl(silos, new Uri(silos.Address(1), "/readyz").AbsoluteUri)).Output,
            StringComparison.Ordinal);
    }

    private static Task<CommandResult> Curl(SiloSet silos, string address) => new Command(
        "curl", "-sS", "-m", "10", "--cacert", Path.Combine(silos.Data, "ca.pem"), address)
    {
        Limit = TimeSpan.FromSeconds(15),
    }.Run();

    private static async Task UntilAllSee(SiloSet silos, params int[] numbers)
    {
        foreach (var silo in numbers)
        {
            await Eventually.True($"{SiloSet.Silo(silo)} sees all silos", Soon, async () =>
            {
                Assert.True(silos.IsAlive(SiloSet.Silo(silo)), silos.Console);
                try
                {
                    return (await silos.Fleet(silo)).Silos.Count(one => one.Ready) == numbers.Length;
                }
                catch (HttpRequestException)
                {
                    return false; // It starts.
                }
            });
        }
    }

    // Neither in the clear nor with a certificate of another fleet.
    private static async Task MustRefuseStrangers(int port)
    {
        using var others = new LoneFleet("others");
        using var foreign = others.SiloCertificate();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificates = [foreign],
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null,
        });
        // By TLS 1.3 the client is judged after its handshake: the connection ends without a word.
        var buffer = new byte[1];
        try
        {
            Assert.Equal(0, await tls.ReadAsync(buffer));
        }
        catch (IOException)
        {
            // Or is broken off.
        }
    }
}
