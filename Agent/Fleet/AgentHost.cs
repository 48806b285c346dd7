using System.Net;
using System.Security.Cryptography;
using Aedile.Agent.Repositories;
using Aedile.Client;
using Aedile.Client.Fleet;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Aedile.Agent.Fleet;

/// <summary>One agent: its folder, its roles, its endpoint and its session.</summary>
internal static class AgentHost
{
    private const int PoolThreads = 64;

    // Packs flow: with less in flight, git and the socket wait for each other once every 64 KiB.
    private const int ResponseBufferBytesMax = 1024 * 1024;
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(2);

    /// <summary>Runs the agent until it is asked to end. Its exit code.</summary>
    /// <exception cref="StartException">It can't start as asked.</exception>
    public static async Task<int> Run(AgentOptions options, StorageOptions storage)
    {
        GitCheck.Require();
        var token = FleetToken.Read(options.TokenFile);
        using var folder = DataFolder.Take(options.Data);
        var epochs = EpochFile.Open(folder.Path);
        // Threads wait for disks and pipes here: waiting for the pool to grow would be seen as latency.
        ThreadPool.SetMinThreads(PoolThreads, PoolThreads);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(c => c.SingleLine = true);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, new Uri(options.Listen)));
        builder.Services.ConfigureHttpJsonOptions(json => Wire.Apply(json.SerializerOptions));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(token).AddSingleton(storage);
        builder.Services.AddSingleton(new SiloList(options.ParseSilos()));
        builder.Services.AddSingleton(new AgentVersion(Version));
        builder.Services.AddSingleton<GitSlots>().AddSingleton<SpawnThread>().AddSingleton<UploadPack>();
        builder.Services.AddSingleton<IGit>(s => new StockGit(
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<GitSlots>(), s.GetRequiredService<SpawnThread>(),
            token.Value, s.GetRequiredService<ILogger<StockGit>>()));
        var services = builder.Services;
        // The role is opened before the endpoint, and handed over when it is.
        StorageRole? role = null;
        services.AddSingleton(_ => role!);
        var app = builder.Build();
        await using (role = await OpenStorage(app.Services, options, folder, storage, token))
        {
            app.Use((http, next) => RequestGate.Pass(http, next, token));
            app.MapGet("/healthz", () => TypedResults.Ok(new { status = "ok", node = options.Node }));
            app.MapReplicas();
            app.MapGit();
            await Serve(app, options, folder, epochs);
        }
        return 0;
    }

    private static string Version => typeof(AgentHost).Assembly.GetName().Version!.ToString(3);

    private static void Listen(KestrelServerOptions kestrel, Uri listen)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxResponseBufferSize = ResponseBufferBytesMax;
        if (listen.Host == "localhost") kestrel.ListenLocalhost(listen.Port);
        else kestrel.Listen(IPAddress.Parse(listen.Host.Trim('[', ']')), listen.Port);
    }

    private static async Task<StorageRole> OpenStorage(
        IServiceProvider services, AgentOptions options, DataFolder folder, StorageOptions storage, FleetToken token)
    {
        var log = services.GetRequiredService<ILogger<StorageRole>>();
        // Connections are made anew now and then, so that a name that has moved is followed.
        var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(1) })
        {
            Timeout = AskLimit,
        };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.Value);
        var line = new SiloLine(
            http, services.GetRequiredService<SiloList>(), NodeName.Parse(options.Node),
            services.GetRequiredService<ILogger<SiloLine>>());
        var ports = new StoragePorts(
            new PosixDisk(), services.GetRequiredService<IGit>(), line, services.GetRequiredService<TimeProvider>(),
            (reason, cause) => Die(log, reason, cause), log, storage)
        {
            Points = CrashPoints.FromEnvironment(options.Node, "storage", folder.Path),
        };
        try { return await StorageRole.Start(ports, Path.Combine(folder.Path, "storage"), MachineBoot.ReadId()); }
        catch (JournalCorruptException e)
        {
            throw new StartException($"The journal can't be trusted, and was left as it is: {e.Message}", e);
        }
    }

    // Nothing may be answered after this: the page cache and the disk may differ for good.
    private static void Die(ILogger log, string reason, Exception cause)
    {
        log.RoleStopped(cause, reason);
        Console.Error.WriteLine($"aedile-agent: storage role stops: {reason}: {cause.Message}");
        Environment.Exit(3);
    }

    private static async Task Serve(
        WebApplication app, AgentOptions options, DataFolder folder, EpochFile epochs)
    {
        var endpoint = new Uri(options.Listen);
        try { await app.StartAsync(); }
        catch (IOException e) { throw new StartException($"--listen {options.Listen} can't be used: {e.Message}", e); }
        app.Logger.AgentReady(options.Node, endpoint, folder.Path);

        var hello = new SessionMessage.Hello(
            NodeName.Parse(options.Node), new Guid(RandomNumberGenerator.GetBytes(16)), Environment.ProcessId, endpoint,
            ["storage"], Version, Attempt: 0, HighestEpoch: 0);
        var session = new SessionClient(
            hello, app.Services.GetRequiredService<SiloList>(), epochs, app.Services.GetRequiredService<FleetToken>(),
            app.Services.GetRequiredService<TimeProvider>(),
            new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
            app.Services.GetRequiredService<ILogger<SessionClient>>());
        var running = session.Run(app.Lifetime.ApplicationStopping);
        await app.WaitForShutdownAsync();
        await running;
        await app.DisposeAsync();
    }
}
