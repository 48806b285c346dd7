using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Aedile.Client.Identity;
using Aedile.Dashboard;
using Aedile.Dashboard.Fleet;
using Aedile.Dashboard.Model;
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

    public OneToken Tokens => (OneToken)_app.Services.GetRequiredService<ISignIn>();

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
        builder.Services.AddSingleton<ISignIn>(new OneToken());
        builder.Services.AddSingleton<IModelView, MemoryModel>();
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

/// <summary>Knows one token, until it is withdrawn, and one person; forbids what a test says.</summary>
internal sealed class OneToken : ISignIn
{
    public const string Name = "anna";
    public const string Password = "a long password of anna";
    public const string Code = "aen_anna.code";

    private volatile bool _isWithdrawn;

    /// <summary>Kinds that nobody may read or write.</summary>
    public ImmutableHashSet<string> Forbidden { get; set; } = [];

    /// <summary>Stamps whose sessions were ended in the whole fleet.</summary>
    public ConcurrentQueue<string> Ended { get; } = new();

    public void Withdraw() => _isWithdrawn = true;

    public SignInAnswer ByToken(string token) => token == DashboardHost.Token && !_isWithdrawn
        ? new SignInAnswer(new Viewer("admin", "stamp-1"))
        : SignInAnswer.Refused(SignInRefusal.Wrong);

    public Task<SignInAnswer> ByPassword(
        string name, string password, IPAddress? from, CancellationToken cancellation) =>
        Task.FromResult((name, password) switch
        {
            (Name, Password) => new SignInAnswer(new Viewer(Name, "stamp-2")),
            ("locked", _) => SignInAnswer.Refused(SignInRefusal.Later, TimeSpan.FromSeconds(42)),
            _ => SignInAnswer.Refused(SignInRefusal.Wrong),
        });

    public Task<SignInAnswer> ByEnrolment(
        string token, string password, IPAddress? from, CancellationToken cancellation) =>
        Task.FromResult(token == Code
            ? new SignInAnswer(new Viewer(Name, "stamp-2"))
            : SignInAnswer.Refused(SignInRefusal.Over));

    public bool IsCurrent(Viewer viewer) =>
        !_isWithdrawn && viewer is { Name: "admin", Stamp: "stamp-1" } or { Name: Name, Stamp: "stamp-2" };

    public bool May(Viewer viewer, Need need) => !Forbidden.Contains(need.Kind);

    public Task End(Viewer viewer, CancellationToken cancellation)
    {
        Ended.Enqueue(viewer.Stamp);
        return Task.CompletedTask;
    }
}
