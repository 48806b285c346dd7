using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Dashboard;
using Aedile.Dashboard.Fleet;
using Aedile.Dashboard.Identity;
using Aedile.Dashboard.Model;
using Aedile.Dashboard.SignIn;
using Aedile.Grains.Repositories;
using Aedile.Silo.Engines;
using Aedile.Silo.Gateway;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Gateway.Model;
using Aedile.Silo.Gateway.OpenApi;
using Aedile.Silo.Gateway.Pages;
using Aedile.Silo.Gateway.Repositories;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Agents;
using Aedile.Silo.Identity.Certificates;
using Aedile.Silo.Model;
using Aedile.Silo.Storage;
using Aedile.Silo.Storage.Fleet;
using Aedile.Silo.Storage.Repositories;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Aedile.Silo.Hosting;

/// <summary>One silo: engine, gateway and database in one process.</summary>
internal static class SiloProgram
{
    /// <summary>Name of the storage of grains' state.</summary>
    public const string GrainStorageName = "fleet";

    // Name of the service and of the cluster; a database holds one fleet.
    private const string Fleet = "aedile";
    private const string Alone = "dev";
    private const int RequestLineBytesMax = 16 * 1024;

    // Packs flow: with less in flight, a read and a send wait for each other once every 64 KiB.
    private const int ResponseBufferBytesMax = 1024 * 1024;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(8);

    /// <summary>Runs until it is told to stop.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(SiloArguments arguments)
    {
        if (arguments.Parent is { } parent) ParentDeath.Follow(parent);
        if (arguments.DatabaseFile is null) EngineCheck.RequireSqlite();
        using var folder = DataFolder.Open(arguments.Data, arguments.LockName);
        var database = OpenDatabase(arguments, folder);
        if (!await new WaitingSilo(arguments, folder, database, TimeProvider.System).UntilDatabaseAnswers())
            return Environment.ExitCode;
        await new SchemaMigrations(database, TimeProvider.System).Apply(CancellationToken.None);
        await HostedEngine.Prepare(database, CancellationToken.None);
        await using var app = Build(arguments, folder, database);
        // The catches below are asked when the host has been disposed of, and has no services any more.
        var lifetime = app.Lifetime;
        EndLimit.Keep(lifetime);
        try
        {
            // Before the engine starts: others let in only who proves itself, and so do agents.
            if (!await app.Services.GetRequiredService<IdentityStart>().Run(CancellationToken.None)
                && (arguments.SiloTls || arguments.Url.Scheme is "https"))
                throw new StartupException(
                    "This silo has no certificate, and can't get one now: is its database there?");
            // And it must know who comes after it while it joins.
            var model = app.Services.GetRequiredService<ReplicaSync>();
            model.Begin(lifetime.ApplicationStopping);
            var links = app.Services.GetRequiredService<SiloLinks>();
            var own = app.Services.GetRequiredService<OwnCertificate>();
            links.Begin(own, app.Services.GetRequiredService<FleetPeers>(), model.LookNow);
            var clock = app.Services.GetRequiredService<TimeProvider>();
            if (database.IsShared && arguments.SiloTls) await LinkRehearsal.Run(own.Current!, links.IsSilo, clock);
            // Before the engine starts: a coordinator that saw no nodes would take all replicas for unreachable.
            await app.Services.GetRequiredService<FleetSync>().Prime(CancellationToken.None);
            // It must hear of the membership from the beginning.
            _ = app.Services.GetRequiredService<EngineOverview>();
            await app.RunAsync();
            return Environment.ExitCode; // Not 0 when the engine ended it: the others declared this silo dead.
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return Environment.ExitCode; // Told to end, or declared dead, before it had started.
        }
        catch (OrleansException error) when (!lifetime.ApplicationStarted.IsCancellationRequested)
        {
            // Another program's tables, another silo at this address: the engine says what to do.
            throw new StartupException(error.Message, error);
        }
        catch (OptionsValidationException error)
        {
            throw new StartupException("appsettings.json is wrong: " + string.Join(" ", error.Failures), error);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException or SocketException)
        {
            throw new StartupException($"The address {arguments.Url} can't be used: {error.Message}", error);
        }
    }

    /// <summary>Puts a silo together; the caller starts it.</summary>
    public static WebApplication Build(SiloArguments arguments, DataFolder folder, SiloDatabase database)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = AppContext.BaseDirectory,
        });
        ConfigureHost(builder, arguments);
        ConfigureEngine(builder, arguments, database);
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<ThreadReserve>();
        builder.Services.AddSingleton<IIdSource, RandomIds>();
        builder.Services.AddSingleton(CrashPoints.FromEnvironment(arguments.Name, "silo", folder.Root));
        builder.Services.AddSingleton<SiloIdentity>(services => new SiloIdentity(
            arguments.Name, services.GetRequiredService<IIdSource>().Next(), arguments.Url, TimeProvider.System));
        builder.Services.AddSingleton(arguments).AddSingleton<GatewayTls>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddAccess(folder.AdminTokenFile);
        builder.Services.AddModel();
        if (database.IsShared) builder.Services.AddModelCopy(folder.Model(arguments.Name));
        builder.Services.AddIdentity(
            arguments.Name, folder, ServedNames.Of(arguments.Url, Dns.GetHostName()));
        AddGateway(builder.Services);
        AddPages(builder.Services, folder);
        builder.Services.AddExceptionHandler<Failures>();
        builder.Services.ConfigureHttpJsonOptions(json => Wire.Apply(json.SerializerOptions));

        var app = builder.Build();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => DescribeStatus(context.HttpContext));
        app.UseRequestLimits();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        app.MapFleet();
        app.MapNodes();
        app.MapLogins();
        app.MapTokens();
        app.MapAuthenticators();
        app.MapAgentAccess();
        app.MapModel();
        app.MapOpenApi();
        app.MapRepositories();
        app.MapGit();
        app.MapDashboard();
        return app;
    }

    /// <summary>Where it listens, what it logs, and what it is configured by.</summary>
    public static void ConfigureHost(WebApplicationBuilder builder, SiloArguments arguments)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
            kestrel.Limits.MaxResponseBufferSize = ResponseBufferBytesMax;
            Listen(kestrel, arguments.Url);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopLimit);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Configuration.AddInMemoryCollection(
            arguments.Nodes.Select((n, i) => KeyValuePair.Create($"Fleet:Nodes:{i}", (string?)n)));
    }

    // A name is no address: who is called by one listens everywhere, which only TLS may.
    private static void Listen(KestrelServerOptions kestrel, Uri url)
    {
        if (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address)) kestrel.Listen(address, url.Port, Secure);
        else if (url.IsLoopback) kestrel.ListenLocalhost(url.Port, Secure);
        else kestrel.ListenAnyIP(url.Port, Secure);

        void Secure(ListenOptions endpoint)
        {
            if (url.Scheme is "https") kestrel.ApplicationServices.GetRequiredService<GatewayTls>().Use(endpoint);
        }
    }

    private static SiloDatabase OpenDatabase(SiloArguments arguments, DataFolder folder)
    {
        if (arguments.DatabaseFile is not { } file) return SiloDatabase.InFile(folder.Database);
        var text = DataFolder.ReadSecret(file);
        try
        {
            return SiloDatabase.OnPostgres(text);
        }
        catch (ArgumentException error)
        {
            // Its text is not repeated: it may hold the password.
            throw new StartupException($"{file} holds no connection string of a PostgreSQL.", error);
        }
    }

    private static void ConfigureEngine(
        WebApplicationBuilder builder, SiloArguments arguments, SiloDatabase database)
    {
        var links = new SiloLinks();
        builder.Services.AddSingleton(links);
        builder.UseOrleans(silo =>
        {
            UseClustering(silo, arguments, database, links);
            UseStorage(silo, database);
        });
        builder.Services.AddRepositories();
    }

    /// <summary>Lets a host that is no silo reach the state of a fleet's grains.</summary>
    public static void UseFleetStorage(ISiloBuilder silo, SiloDatabase database)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (Fleet, Fleet));
        UseStorage(silo, database);
    }

    private static void UseStorage(ISiloBuilder silo, SiloDatabase database)
    {
        silo.UseSystemTextJsonGrainStorageSerializer();
        silo.AddAdoNetGrainStorage(GrainStorageName, storage =>
        {
            storage.Invariant = database.Invariant;
            storage.ConnectionString = database.ConnectionString;
        });
    }

    private static void UseClustering(
        ISiloBuilder silo, SiloArguments arguments, SiloDatabase database, SiloLinks links)
    {
        if (!database.IsShared)
        {
            // Nobody joins it, so it listens for nobody. Its rows have had this name from the beginning.
            silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (Alone, Alone));
            return;
        }

        silo.UseAdoNetClustering(clustering =>
        {
            clustering.Invariant = database.Invariant;
            clustering.ConnectionString = database.ConnectionString;
        });
        silo.ConfigureEndpoints(arguments.SiloAddress, arguments.SiloPort, arguments.GatewayPort);
        if (arguments.SiloTls) HostedEngine.UseTls(silo, links);
        silo.Configure<SiloOptions>(options => options.SiloName = arguments.Name);
        silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (Fleet, Fleet));
        HostedEngine.Tune(silo);
    }

    private static void AddGateway(IServiceCollection services)
    {
        services.AddSingleton<AgentTokens>();
        services.AddSingleton<AgentHttp>();
        services.AddSingleton(s => new StorageNodeClient(s.GetRequiredService<AgentHttp>().Client));
        services.AddOptions<FleetOptions>().BindConfiguration("Fleet").ValidateOnStart();
        services.AddSingleton<IValidateOptions<FleetOptions>, FleetOptionsValidator>();
        services.AddSingleton<ISessionTable, SessionTable>();
        services.AddSingleton<IDeclaredDead, EngineVerdicts>();
        services.AddSingleton<FleetNodes>();
        services.AddSingleton<ViewSignal>();
        services.AddSingleton<SessionKeeper>();
        services.AddSingleton<AgentStanding>();
        services.AddSingleton<SessionEndpoint>();
        services.AddSingleton<IStatusTable, StatusTable>();
        services.AddSingleton<NodeStatuses>();
        services.AddHostedService(s => s.GetRequiredService<NodeStatuses>());
        services.AddSingleton<RepositoryCalls>();
        services.AddSingleton<FleetSync>();
        services.AddHostedService(s => s.GetRequiredService<FleetSync>());
        services.AddHostedService<NodeChangeNotifier>();
        services.AddHostedService<SiloSuccession>();

        services.AddOptions<VirtualStorageOptions>()
            .Configure<IConfiguration>((options, configuration) => configuration.Bind(options)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<VirtualStorageOptions>, VirtualStorageOptionsValidator>();
        services.AddOptions<PushOptions>().BindConfiguration("Repositories:Push").ValidateOnStart();
        services.AddSingleton<IValidateOptions<PushOptions>, PushOptionsValidator>();
        services.AddOptions<ReadOptions>().BindConfiguration("Repositories:Read").ValidateOnStart();
        services.AddSingleton<IValidateOptions<ReadOptions>, ReadOptionsValidator>();
        services.AddSingleton<EntityWrites>();
        services.AddSingleton<OpenApiDocument>();
        services.AddSingleton<ChangesFeed>();
        services.AddSingleton<RepositoryDirectory>();
        services.AddSingleton<ConfiguredStorages>();
        services.AddHostedService(provider => provider.GetRequiredService<ConfiguredStorages>());
        services.AddHostedService<NodeDefinitions>();
        services.AddSingleton<RepositoryRows>();
        services.AddHostedService<RowsIntoModel>();
        services.AddSingleton<RepositoryProvisioning>();
        services.AddSingleton<RepositoryViewReader>();
        services.AddHostedService<RepositorySettlement>();
        services.AddSingleton<IStorageNodes, StorageNodes>();
        services.AddSingleton<IPackStaging, HttpPackStaging>();
        services.AddSingleton<ReadRoutes>();
        services.AddSingleton(new ReplicaChoice(RandomNumberGenerator.GetInt32));
        services.AddSingleton<ReplicaReader>();
        services.AddSingleton<GitReads>();
        services.AddSingleton<PushGate>();
        services.AddSingleton<GitPushes>();
    }

    private static void AddPages(IServiceCollection services, DataFolder folder)
    {
        services.AddSingleton<PageSignIn>();
        services.AddSingleton<ISignIn>(s => s.GetRequiredService<PageSignIn>());
        services.AddSingleton<EntityWindows>();
        services.AddSingleton<JournalPages>();
        services.AddSingleton<IModelView, ModelPages>();
        services.AddSingleton<IIdentityView, IdentityPages>();
        services.AddSingleton<RepositoryOverview>();
        services.AddSingleton<EngineOverview>();
        services.AddSingleton<IFleetView, FleetView>();
        services.AddSingleton<ISiloList, OtherSilos>();
        services.AddDashboard(dashboard =>
        {
            dashboard.KeysFolder = Path.Combine(folder.Root, "keys");
            dashboard.TokenFile = folder.AdminTokenFile;
        });
    }

    // Pages say it in their own way.
    private static Task DescribeStatus(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound when IsRest(http) =>
            Problems.Write(http, Problems.NoSuchAddress(http.Request.Path)),
        StatusCodes.Status405MethodNotAllowed when IsRest(http) =>
            Problems.Write(http, Problems.MethodNotAllowed(http.Request.Method)),
        _ => Task.CompletedTask,
    };

    private static bool IsRest(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal);
}
