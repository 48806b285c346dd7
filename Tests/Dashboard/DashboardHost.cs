using System.Collections.Immutable;
using Aedile.Dashboard;
using Aedile.Dashboard.Fleet;
using Aedile.Dashboard.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aedile.Tests.Dashboard;

/// <summary>The dashboard on Kestrel, with a fleet in memory and one known token.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    public const string Token = "a-token-for-tests";

    private readonly WebApplication _app;
    private readonly ErrorLog _log;

    private DashboardHost(WebApplication app, ErrorLog log) => (_app, _log) = (app, log);

    public Uri Address => new(_app.Urls.Single());

    public MemoryFleet Fleet => (MemoryFleet)_app.Services.GetRequiredService<IFleetView>();

    public OneToken Tokens => (OneToken)_app.Services.GetRequiredService<ITokenCheck>();

    /// <summary>Starts a host.</summary>
    /// <param name="fleet">What it shows.</param>
    /// <param name="address">Where to listen; any free port by default.</param>
    /// <param name="keysFolder">Where its keys are kept; in memory by default.</param>
    /// <param name="others">Where a page may go when this host is gone.</param>
    public static async Task<DashboardHost> Start(
        MemoryFleet fleet, string address = "http://127.0.0.1:0", string? keysFolder = null,
        params ImmutableArray<Uri> others)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var log = new ErrorLog();
        builder.Logging.ClearProviders().AddProvider(log).AddFilter(ErrorLog.IsError);
        builder.WebHost.UseUrls(address);
        builder.Services.AddSingleton<IFleetView>(fleet);
        builder.Services.AddSingleton<ITokenCheck>(new OneToken());
        builder.Services.AddSingleton<ISiloList>(new OtherHosts(others));
        // As in a silo: with a second scheme there is no default one.
        builder.Services.AddAuthentication().AddCookie("of-someone-else");
        builder.Services.AddDashboard(options => options.KeysFolder = keysFolder);
        var app = builder.Build();
        app.MapDashboard();
        app.MapGet("/v1/ping", () => Results.Text("pong"));
        await app.StartAsync();
        return new DashboardHost(app, log);
    }

    /// <summary>What was logged as an error so far: a page that broke tells it nowhere else.</summary>
    public IReadOnlyCollection<string> Errors => _log.Errors;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>The hosts that a page may go to.</summary>
internal sealed record OtherHosts(ImmutableArray<Uri> Others) : ISiloList;

/// <summary>Knows one token, until it is withdrawn.</summary>
internal sealed class OneToken : ITokenCheck
{
    private volatile bool _isWithdrawn;

    public void Withdraw() => _isWithdrawn = true;

    public ValueTask<TokenHolder?> Check(string token, CancellationToken cancellation) =>
        ValueTask.FromResult(
            token == DashboardHost.Token && !_isWithdrawn ? new TokenHolder("admin", "stamp-1") : null);

    public ValueTask<bool> IsCurrent(string stamp, CancellationToken cancellation) =>
        ValueTask.FromResult(stamp == "stamp-1" && !_isWithdrawn);
}
