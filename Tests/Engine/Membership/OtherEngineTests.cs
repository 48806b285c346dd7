using System.Data.Common;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aedile.Engine.Hosting;
using Aedile.Engine.Runtime;
using Aedile.Tests.Engine.Messaging;
using Aedile.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Engine.Membership;

/// <summary>Goal: a silo keeps out of a fleet that runs with the official packages, and leaves it alone.</summary>
public sealed class OtherEngineTests : IDisposable
{
    private const string Invariant = "Microsoft.Data.Sqlite";

    private readonly TestFolder _folder = new("other-engine");
    private readonly int _ports = PortRange.Take(2);

    private string ConnectionString => $"Data Source={_folder["fleet.db"]}";

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_silo_does_not_join_a_running_fleet_of_the_official_packages()
    {
        DbProviderFactories.RegisterFactory(Invariant, SqliteFactory.Instance);
        await using (var first = Build())
        {
            await first.Start(TestContext.Current.CancellationToken);
            await first.Stop(TestContext.Current.CancellationToken);
        }

        using var official = new TcpListener(IPAddress.Loopback, _ports + 1);
        official.Start();
        _ = GreetAll(official);
        await Execute(string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO OrleansMembershipTable
                (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime,
                 IAmAliveTime)
            SELECT DeploymentId, Address, {_ports + 1}, 7, 'official', HostName, 3, 0, StartTime, IAmAliveTime
            FROM OrleansMembershipTable
            """));

        await using var silo = Build();
        var error = await Assert.ThrowsAsync<OrleansException>(
            () => silo.Start(TestContext.Current.CancellationToken));
        Assert.Contains("runs with the official Orleans packages", error.Message, StringComparison.Ordinal);
        Assert.Contains("Stop all silos before the engine is changed", error.Message, StringComparison.Ordinal);
        Assert.Equal(3L, await Execute("SELECT Status FROM OrleansMembershipTable WHERE SiloName = 'official'"));
    }

    private static async Task GreetAll(TcpListener official)
    {
        try
        {
            while (true)
            {
                var socket = await official.AcceptSocketAsync();
                await socket.SendAsync(OfficialGreetings.OfSilo);
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
    }

    private async Task<object?> Execute(string sql)
    {
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    private SiloHost Build() => SiloHost.Build(
        new SiloSeams { Parts = [typeof(OtherEngineTests).Assembly], MustEnd = _ => { } }, silo =>
        {
            silo.Services.AddSingleton(new Stage());
            silo.AddMemoryGrainStorageAsDefault();
            silo.ConfigureEndpoints(IPAddress.Loopback, _ports, 0);
            silo.UseAdoNetClustering(options =>
            {
                options.Invariant = Invariant;
                options.ConnectionString = ConnectionString;
            });
        });
}
