using System.Net;
using System.Security.Cryptography;
using Aedile.Agent.Identity;
using Aedile.Agent.Model;
using Aedile.Agent.Repositories;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Gateway;
using Aedile.Client.Identity;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Aedile.Agent.Fleet;

/// <summary>One agent: its folder, its roles, its endpoint and its session.</summary>
internal static class AgentHost
{
    private const int PoolThreads = 64;

    // Packs flow: with less in flight, git and the socket wait for each other once every 64 KiB.
    private const int ResponseBufferBytesMax = 1024 * 1024;

    /// <summary>Runs the agent until it is asked to end. Its exit code.</summary>
    /// <exception cref="StartException">It can't start as asked.</exception>
    public static async Task<int> Run(AgentOptions options, StorageOptions storage)
    {
        GitCheck.Require();
        using var folder = DataFolder.Take(options.Data);
        var (clock, tls) = (TimeProvider.System, new SiloTls(options.CaFile, TimeProvider.System));
        var copy = new CopyFile(new PosixDisk(), Path.Combine(folder.Path, "model"));
        var known = new SiloFile(folder.Path);
        var credentials = await Enrol(options, folder, copy, known, tls, clock);
        var epochs = EpochFile.Open(folder.Path);
        // Threads wait for disks and pipes here: waiting for the pool to grow would be seen as latency.
        ThreadPool.SetMinThreads(PoolThreads, PoolThreads);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddSimpleConsole(c => c.SingleLine = true);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, new Uri(options.Listen), credentials, clock));
        builder.Services.ConfigureHttpJsonOptions(json => Wire.Apply(json.SerializerOptions));
        builder.Services.AddSingleton(clock).AddSingleton(credentials).AddSingleton(storage);
        builder.Services.AddSingleton(tls);
        builder.Services.AddSingleton(new SiloList(options.ParseSilos(), known));
        builder.Services.AddSingleton(new AgentVersion(Version));
        builder.Services.AddSingleton<GitSlots>().AddSingleton<SpawnThread>().AddSingleton<UploadPack>();
        builder.Services.AddSingleton<IGit>(s => new StockGit(
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<GitSlots>(), s.GetRequiredService<SpawnThread>(),
            credentials.Files, s.GetRequiredService<ILogger<StockGit>>()));
        var services = builder.Services;
        AgentModel? model = null;
        services.AddSingleton(_ => model!);
        // The role is opened before the endpoint, and handed over when it is.
        StorageRole? role = null;
        services.AddSingleton(_ => role!);
        var app = builder.Build();
        model = await OpenModel(copy, app.Services.GetRequiredService<ILogger<AgentModel>>());
        credentials.Follow(model);
        using var silos = tls.Connect(credentials, app.Services.GetRequiredService<SiloList>());
        await using (role = await OpenStorage(app.Services, credentials, folder, storage, silos))
        {
            var gate = new CommandGate(credentials, new TokenVerifier(clock), clock);
            app.Use((request, next) => RequestGate.Pass(request, next, gate));
            app.MapGet("/healthz", () => TypedResults.Ok(new { status = "ok", node = credentials.Node }));
            app.MapCopy();
            app.MapReplicas();
            app.MapGit();
            await Serve(app, options, folder, epochs, silos);
        }
        return 0;
    }

    private static async Task<Credentials> Enrol(
        AgentOptions options, DataFolder folder, CopyFile copy, SiloFile known, SiloTls tls, TimeProvider clock)
    {
        using var logs = LoggerFactory.Create(l => l.AddSimpleConsole(c => c.SingleLine = true));
        var points = CrashPoints.FromEnvironment(options.Node, "enrolment", folder.Path);
        var enrolment = new Enrolment(
            new CredentialFolder(Path.Combine(folder.Path, "identity")), copy, known, tls, points, clock,
            logs.CreateLogger<Enrolment>());
        var credentials = await enrolment.Ensure(
            options.ParseSilos(), options.ReadEnrolment(), CancellationToken.None);
        return options.Node.Length == 0 || credentials.Node.Value == options.Node
            ? credentials
            : throw new StartException(
                $"This agent is enrolled for the node {credentials.Node}, not for {options.Node} (--node).");
    }

    private static string Version => typeof(AgentHost).Assembly.GetName().Version!.ToString(3);

    private static void Listen(
        KestrelServerOptions kestrel, Uri listen, Credentials credentials, TimeProvider clock)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxResponseBufferSize = ResponseBufferBytesMax;
        if (listen.Host == "localhost") kestrel.ListenLocalhost(listen.Port, Secure);
        else kestrel.Listen(IPAddress.Parse(listen.Host.Trim('[', ']')), listen.Port, Secure);

        void Secure(ListenOptions endpoint)
        {
            if (listen.Scheme is "https") EndpointTls.Use(endpoint, credentials, clock);
        }
    }

    private static async Task<AgentModel> OpenModel(CopyFile file, ILogger log)
    {
        try { return await AgentModel.Open(file, TimeProvider.System, log); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The copy of the model can't be read: {e.Message}", e);
        }
    }

    private static StatusReporter WatchNode(IServiceProvider services, DataFolder folder)
    {
        var machine = new MachineProbe(folder.Path, Version);
        var (role, slots) = (services.GetRequiredService<StorageRole>(), services.GetRequiredService<GitSlots>());
        return new StatusReporter(Look, services.GetRequiredService<TimeProvider>());

        NodeStatus Look()
        {
            var seen = machine.Look();
            return new NodeStatus(
                seen, role.Describe(slots.Taken, MachineProbe.IsFull(seen), machine.IsReadOnly()));
        }
    }

    private static async Task<StorageRole> OpenStorage(
        IServiceProvider services, Credentials credentials, DataFolder folder, StorageOptions storage,
        AedileClient silos)
    {
        var log = services.GetRequiredService<ILogger<StorageRole>>();
        var line = new SiloLine(silos, credentials.Node, services.GetRequiredService<ILogger<SiloLine>>());
        var ports = new StoragePorts(
            new PosixDisk(), services.GetRequiredService<IGit>(), line, services.GetRequiredService<TimeProvider>(),
            (reason, cause) => Die(log, reason, cause), log, storage)
        {
            Points = CrashPoints.FromEnvironment(credentials.Node.Value, "storage", folder.Path),
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
        WebApplication app, AgentOptions options, DataFolder folder, EpochFile epochs, AedileClient client)
    {
        var endpoint = new Uri(options.Listen);
        var services = app.Services;
        var credentials = services.GetRequiredService<Credentials>();
        var silos = services.GetRequiredService<SiloList>();
        var clock = services.GetRequiredService<TimeProvider>();
        var renewing = new Renewal(
            credentials, client, clock, NewChance(), services.GetRequiredService<ILogger<Renewal>>())
            .Run(app.Lifetime.ApplicationStopping);
        try { await app.StartAsync(); }
        catch (IOException e) { throw new StartException($"--listen {options.Listen} can't be used: {e.Message}", e); }
        app.Logger.AgentReady(credentials.Node.Value, endpoint, folder.Path);

        var hello = new SessionMessage.Hello(
            credentials.Node, new Guid(RandomNumberGenerator.GetBytes(16)), Environment.ProcessId, endpoint,
            ["storage"], Version, Attempt: 0, HighestEpoch: 0);
        var (tls, model) = (services.GetRequiredService<SiloTls>(), services.GetRequiredService<AgentModel>());
        var status = WatchNode(services, folder);
        var session = new SessionClient(
            hello, silos, epochs, () => new SessionSocket(credentials, tls, clock),
            new SessionWork(
                model, status, new SiloProbe(client, silos), services.GetRequiredService<ILogger<AgentModel>>()),
            clock, NewChance(), services.GetRequiredService<ILogger<SessionClient>>());
        var running = session.Run(app.Lifetime.ApplicationStopping);
        var saving = model.Run(app.Lifetime.ApplicationStopping);
        var watching = status.Run(app.Lifetime.ApplicationStopping);
        await app.WaitForShutdownAsync();
        await Task.WhenAll(running, renewing, saving, watching);
        await app.DisposeAsync();
    }

    private static Random NewChance() => new(RandomNumberGenerator.GetInt32(int.MaxValue));
}
