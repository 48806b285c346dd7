using System.Data.Common;
using System.Net;
using Aedile.Client;
using Aedile.Silo.Gateway;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Gateway.Model;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Certificates;
using Aedile.Silo.Model;
using Aedile.Silo.Model.Copy;
using Aedile.Silo.Storage;

namespace Aedile.Silo.Hosting;

/// <summary>
/// A silo that was started while its database is away: it has no engine yet, shows the model of its own copy to who has
/// a token that the same copy knows, refuses everything else clearly, and tries the database until it answers.
/// </summary>
internal sealed class WaitingSilo(
    SiloArguments arguments, DataFolder folder, SiloDatabase database, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private string _reason = "";

    /// <summary>Returns when the silo may start: the database answers, or there is no copy to show.</summary>
    /// <returns>False when the silo was told to end.</returns>
    public async Task<bool> UntilDatabaseAnswers()
    {
        // A file of the silo's own is there or not; nobody waits for it.
        if (!database.IsShared || !await IsAway()) return true;
        await using var app = Build();
        var log = app.Services.GetRequiredService<ILogger<WaitingSilo>>();
        var stopping = app.Lifetime.ApplicationStopping;
        if (await app.Services.GetRequiredService<ModelCopy>().Read(stopping) is not { } stored) return true;
        Show(stored, app.Services);
        // What an authority on disk can still issue; without one, nobody gets in by TLS before the database is back.
        await app.Services.GetRequiredService<SiloAuthority>().Turn(stopping);
        app.Services.GetRequiredService<OwnCertificate>().Turn();
        await app.StartAsync(stopping);
        log.WaitsForDatabase(stored.State.Index, stored.State.Count, _reason);
        try
        {
            while (await IsAway()) await Task.Delay(Pause, clock, stopping);
            log.DatabaseAnswers();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
        }
    }

    // What the database refuses (a wrong password, no such database) is not for waiting: the start says so and ends.
    private async Task<bool> IsAway()
    {
        try
        {
            await using var connection = await database.Open();
            // A pooled connection may be of a database that is gone.
            await connection.Execute(database.Sql("ask_readiness"), CancellationToken.None);
            return false;
        }
        catch (DbException error)
        {
            _reason = error.Message;
            // Of connections, of resources, of an operator's doing; or no word from it at all.
            return error.SqlState is null or ['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..];
        }
    }

    private void Show(StoredModel stored, IServiceProvider services)
    {
        var replica = services.GetRequiredService<ModelReplica>();
        replica.Load(stored.State);
        var age = clock.GetUtcNow() - stored.WrittenAt;
        replica.Confirm(clock.GetTimestamp() - (long)(age.TotalSeconds * clock.TimestampFrequency));
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        SiloProgram.ConfigureHost(builder, arguments);
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(clock);
        builder.Services.AddAccess(folder.AdminTokenFile);
        builder.Services.AddTokenChecks();
        builder.Services.AddCertificates(
            arguments.Name, folder, ServedNames.Of(arguments.Url, Dns.GetHostName()));
        builder.Services.AddSingleton(arguments).AddSingleton<GatewayTls>();
        builder.Services.AddSingleton<IIdentityModel, StoredIdentities>();
        builder.Services.AddStoredModel(folder.Model(arguments.Name));
        builder.Services.AddExceptionHandler<Failures>();
        builder.Services.ConfigureHttpJsonOptions(json => Wire.Apply(json.SerializerOptions));
        var app = builder.Build();
        app.UseExceptionHandler(_ => { });
        app.UseRequestLimits();
        Map(app);
        return app;
    }

    private void Map(WebApplication app)
    {
        app.MapGet("/healthz", () => TypedResults.Text("alive\n"));
        var model = app.MapGroup("/v1/model").RequireNeed("model");
        model.MapGet("", EntityReads.Describe);
        ModelEndpoints.MapReads(model);
        string[] writes = ["POST", "PUT", "PATCH", "DELETE"];
        model.MapMethods("{kinds}", writes, () => ModelProblems.WritesUnavailable());
        model.MapMethods("{kinds}/{id}", writes, () => ModelProblems.WritesUnavailable());
        app.MapFallback("{**rest}", () => Problems.Unavailable(
            $"This silo waits for its database, and shows definitions only. {_reason}"));
    }
}
