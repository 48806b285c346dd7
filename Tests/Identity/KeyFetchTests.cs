using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Aedile.Silo.Identity.External;
using Aedile.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Aedile.Tests.Identity;

/// <summary>
/// Goal: a name in the model makes no silo knock inside of the network, wait for long, or read for ever.
/// </summary>
public sealed class KeyFetchTests : IAsyncLifetime
{
    private static readonly ImmutableArray<IPNetwork> Loopback = [IPNetwork.Parse("127.0.0.0/8")];

    private readonly X509Certificate2 _certificate = SelfSigned();
    private readonly ManualTime _clock = new(TokenBench.Start);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _signer;
    private int _requests;

    private int Port => new Uri(_signer!.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
            listen.UseHttps(_certificate)));
        _signer = builder.Build();
        _signer.Use(async (http, next) =>
        {
            Interlocked.Increment(ref _requests);
            _asked.TrySetResult();
            await next(http);
        });
        _signer.MapGet("/keys", () => """{"keys":[]}""");
        _signer.MapGet("/moved", () => Results.Redirect("/keys"));
        _signer.MapGet("/large", () => new string('x', 2000));
        _signer.MapGet("/endless", async http =>
        {
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.WriteAsync(new string('x', 500));
        });
        _signer.MapGet("/silent", (HttpContext http) =>
            new TaskCompletionSource().Task.WaitAsync(http.RequestAborted));
        await _signer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _signer!.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task Keys_come_from_where_it_was_allowed_to_ask()
    {
        using var fetch = Fetch(Loopback);
        var (body, why) = await fetch.Fetch(Address("/keys"), default);
        Assert.Equal("", why);
        Assert.Equal("""{"keys":[]}"""u8.ToArray(), body);
    }

    [Theory]
    [InlineData("/moved", "302")]
    [InlineData("/nothing", "404")]
    [InlineData("/large", "1024")]
    [InlineData("/endless", "1024")]
    public async Task Redirects_errors_and_large_bodies_give_no_keys(string path, string why)
    {
        using var fetch = Fetch(Loopback);
        var answer = await fetch.Fetch(Address(path), default);
        Assert.Null(answer.Body);
        Assert.Contains(why, answer.Why, StringComparison.Ordinal);
        Assert.Equal(1, _requests);
    }

    [Fact]
    public async Task A_silent_signer_is_left_when_the_time_is_over()
    {
        using var fetch = Fetch(Loopback);
        var asking = fetch.Fetch(Address("/silent"), default);
        await _asked.Task;
        Assert.False(asking.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null((await asking).Body);
        Assert.Contains("no answer", (await asking).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inside_of_the_network_nobody_is_asked()
    {
        using var fetch = Fetch([]);
        foreach (var host in new[] { "127.0.0.1", "localhost" })
        {
            var answer = await fetch.Fetch(new Uri($"https://{host}:{Port}/keys"), default);
            Assert.Null(answer.Body);
            Assert.Contains("public", answer.Why, StringComparison.Ordinal);
        }
        Assert.Equal(0, _requests);
    }

    [Fact]
    public async Task A_name_with_one_address_inside_is_refused_and_plain_http_too()
    {
        using var fetch = Fetch([], _ => [IPAddress.Parse("8.8.8.8"), IPAddress.Loopback]);
        Assert.Contains(
            "public", (await fetch.Fetch(new Uri($"https://signer.example.org:{Port}/keys"), default)).Why,
            StringComparison.Ordinal);
        using var allowed = Fetch(Loopback);
        Assert.Contains(
            "https", (await allowed.Fetch(new Uri($"http://127.0.0.1:{Port}/keys"), default)).Why,
            StringComparison.Ordinal);
        Assert.Equal(0, _requests);
    }

    [Fact]
    public async Task A_name_is_resolved_once_so_that_it_cannot_mean_something_else_a_moment_later()
    {
        var resolved = 0;
        using var fetch = Fetch(Loopback, _ => ++resolved == 1 ? [IPAddress.Loopback] : [IPAddress.Parse("10.0.0.1")]);
        var answer = await fetch.Fetch(new Uri($"https://localhost:{Port}/keys"), default);
        Assert.NotNull(answer.Body);
        Assert.Equal(1, resolved);
    }

    [Fact]
    public async Task Somebody_else_s_certificate_is_refused()
    {
        using var other = SelfSigned();
        using var fetch = new HttpKeyFetch(
            GuardedConnections.Handler(Loopback, [other]), new ExternalSignerOptions(), _clock);
        Assert.Null((await fetch.Fetch(Address("/keys"), default)).Body);
        Assert.Equal(0, _requests);
    }

    private Uri Address(string path) => new($"https://127.0.0.1:{Port}{path}");

    private HttpKeyFetch Fetch(ImmutableArray<IPNetwork> allowed, Func<string, IPAddress[]>? resolve = null) => new(
        GuardedConnections.Handler(
            allowed, [_certificate], resolve is null ? null : (name, _) => Task.FromResult(resolve(name))),
        new ExternalSignerOptions { BytesMax = 1024 }, _clock);

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=signer", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
