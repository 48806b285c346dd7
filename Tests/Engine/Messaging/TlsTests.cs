using System.Collections.Immutable;
using System.Net.Sockets;
using Aedile.Engine.Messaging;
using Orleans.Connections.Security;

namespace Aedile.Tests.Engine.Messaging;

/// <summary>Goal: with TLS only those speak to a silo whom its authority has given a certificate.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _ours = new("ours");
    private readonly TestAuthority _theirs = new("theirs");

    [Fact]
    public async Task Silos_and_clients_with_certificates_of_the_authority_call_each_other()
    {
        await using var fleet = await Fleet();
        await using var client = await WireClient.Start(
            [fleet.GatewayOf(0)],
            configure: builder => builder.UseTls(options => _ours.Configure(options, _ours.Issue("client"))));
        Assert.Equal(3, await client.Tally("1:a").Add(3));
        Assert.Equal(5, await fleet[0].Tally("1:a").Add(2));
        ImmutableArray<int> steps = [.. Enumerable.Range(0, 200_000)];
        var text = await client.Tally("1:a").Describe(new Visit("long", steps));
        Assert.EndsWith(",199998,199999", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("elsewhere")]
    [InlineData("none")]
    public async Task A_client_with_a_certificate_from_elsewhere_or_none_is_refused_with_a_line(string certificate)
    {
        await using var fleet = await Fleet();
        var shown = certificate == "none" ? null : _theirs.Issue("client");
        await using var client = WireClient.Build(
            [fleet.GatewayOf(0)], "test", TimeSpan.FromSeconds(1),
            builder => builder.UseTls(options => _ours.Configure(options, shown)));
        await Assert.ThrowsAsync<SiloUnavailableException>(() => client.Client.Start(CancellationToken.None));
        await fleet[0].Log.Line("refused a connection");
        Assert.Equal(1, await fleet[0].Tally("1:a").Add(1));
    }

    [Fact]
    public async Task A_client_does_not_trust_a_silo_of_another_authority()
    {
        await using var fleet = await Fleet();
        await using var client = WireClient.Build(
            [fleet.GatewayOf(0)], "test", TimeSpan.FromSeconds(1),
            builder => builder.UseTls(options => _theirs.Configure(options, _ours.Issue("client"))));
        var error = await Assert.ThrowsAsync<SiloUnavailableException>(
            () => client.Client.Start(CancellationToken.None));
        Assert.Contains("TLS was refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Someone_without_TLS_is_refused_with_a_line()
    {
        await using var fleet = await Fleet();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(fleet.GatewayOf(0));
        await socket.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        await fleet[0].Log.Line("refused a connection");
    }

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
    }

    private async Task<WireFleet> Fleet()
    {
        var options = new TlsOptions();
        _ours.Configure(options, _ours.Issue("silo"));
        return await WireFleet.Start(2, security: new TlsLinks(options, TimeProvider.System));
    }
}
