using System.Net;
using System.Net.Sockets;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Dashboard;
using Aedile.Dashboard.Fleet;
using Aedile.Dashboard.SignIn;
using Aedile.Grains.Repositories;
using Aedile.Silo.Engines;
using Aedile.Silo.Gateway;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Gateway.Model;
using Aedile.Silo.Gateway.Pages;
using Aedile.Silo.Gateway.Repositories;
using Aedile.Silo.Model;
using Aedile.Silo.Storage;
using Aedile.Silo.Storage.Fleet;
using Aedile.Silo.Storage.Repositories;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;

namespace Aedile.Silo.Hosting;

/// <summary>One silo: engine, gateway and database in one process.</summary>
internal static class SiloProgram
{
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
        await new SchemaMigrations(database, TimeProvider.System).Apply(CancellationToken.None);
        await HostedEngine.Prepare(database, CancellationToken.None);
        await using var app = Build(arguments, folder, database);
        // The catches below are asked when the host has been disposed of, and has no services any more.
        var lifetime = app.Lifetime;
        try
        {
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
        builder.Services.AddSingleton<IIdSource, RandomIds>();
        builder.Services.AddSingleton(CrashPoints.FromEnvironment(arguments.Name, "silo", folder.Root));
        builder.Services.AddSingleton<SiloIdentity>(services => new SiloIdentity(
            arguments.Name, services.GetRequiredService<IIdSource>().Next(), arguments.Url, TimeProvider.System));
        builder.Services.AddSingleton<Readiness>();
        var fleetToken = DataFolder.ReadSecret(folder.FleetTokenFile);
        var adminToken = DataFolder.ReadSecret(folder.AdminTokenFile);
        builder.Services.AddAccess(adminToken, fleetToken);
        builder.Services.AddModel();
        AddGateway(builder.Services, arguments, fleetToken);
        AddPages(builder.Services, folder, adminToken);
        builder.Services.AddExceptionHandler<Failures>();
        builder.Services.ConfigureHttpJsonOptions(json => Wire.Apply(json.SerializerOptions));

        var app = builder.Build();
        app.UseExceptionHandler(_ => { });
        app.UseStatusCodePages(context => DescribeStatus(context.HttpContext));
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = Timeout.InfiniteTimeSpan });
        app.MapFleet();
        app.MapModel();
        app.MapRepositories();
        app.MapGit();
        app.MapDashboard();
        return app;
    }

    private static void ConfigureHost(WebApplicationBuilder builder, SiloArguments arguments)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
            kestrel.Limits.MaxResponseBufferSize = ResponseBufferBytesMax;
        });
        builder.WebHost.UseUrls(arguments.Url.GetLeftPart(UriPartial.Authority));
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

    private static SiloDatabase OpenDatabase(SiloArguments arguments, DataFolder folder)
    {
        if (arguments.DatabaseFile is not { } file) return SiloDatabase.InFile(folder.Database);
        var text = DataFolder.ReadSecret(file);
        try
        {
            return SiloDatabase.OnPostgres(new NpgsqlConnectionStringBuilder(text).ToString());
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
        builder.UseOrleans(silo =>
        {
            UseClustering(silo, arguments, database);
            silo.UseSystemTextJsonGrainStorageSerializer();
            silo.AddAdoNetGrainStorage("fleet", storage =>
            {
                storage.Invariant = database.Invariant;
                storage.ConnectionString = database.ConnectionString;
            });
        });
        builder.Services.AddRepositories();
    }

    private static void UseClustering(ISiloBuilder silo, SiloArguments arguments, SiloDatabase database)
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
        silo.ConfigureEndpoints(IPAddress.Loopback, arguments.SiloPort, arguments.GatewayPort);
        silo.Configure<SiloOptions>(options => options.SiloName = arguments.Name);
        silo.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (Fleet, Fleet));
        HostedEngine.Tune(silo);
    }

    private static void AddGateway(IServiceCollection services, SiloArguments arguments, string fleetToken)
    {
        services.AddSingleton(_ => new StorageNodeClient(StorageHttp.Create(fleetToken)));
        services.AddOptions<FleetOptions>().BindConfiguration("Fleet").ValidateOnStart();
        services.AddSingleton<IValidateOptions<FleetOptions>, FleetOptionsValidator>();
        services.AddSingleton<ISessionTable, SessionTable>();
        services.AddSingleton<IDeclaredDead, EngineVerdicts>();
        services.AddSingleton<FleetNodes>();
        services.AddSingleton<ViewSignal>();
        services.AddSingleton<SessionKeeper>();
        services.AddSingleton<SessionEndpoint>();
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
        services.AddSingleton<ChangesFeed>();
        services.AddSingleton<RepositoryDirectory>();
        services.AddSingleton<RepositoryProvisioning>();
        services.AddSingleton<RepositoryViewReader>();
        services.AddHostedService<RepositorySettlement>();
        services.AddSingleton<IStorageNodes, StorageNodes>();
        services.AddSingleton<IPackStaging, HttpPackStaging>();
        services.AddSingleton<ReadRoutes>();
        services.AddSingleton<ReplicaChoice>();
        services.AddSingleton<ReplicaReader>();
        services.AddSingleton<GitReads>();
        services.AddSingleton<PushGate>();
        services.AddSingleton<GitPushes>();
    }

    private static void AddPages(IServiceCollection services, DataFolder folder, string adminToken)
    {
        services.AddSingleton<ITokenCheck>(new AdminTokenCheck(adminToken));
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
