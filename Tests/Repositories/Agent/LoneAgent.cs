using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>The real agent program without a silo: the test is its coordinator and its gateway.</summary>
internal sealed class LoneAgent : IAsyncDisposable
{
    private static readonly NodeName Node = NodeName.Parse("lone");
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private readonly TestFolder _folder = new("lone");
    private readonly StringBuilder _console = new();
    private readonly Process _process;
    private readonly LoneFleet _fleet = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };
    private long _sequence;
    private int _ids;

    private LoneAgent(ImmutableArray<string> wrapper, int port)
    {
        Address = new Uri($"http://127.0.0.1:{port}");
        Client = new StorageNodeClient(_http);
        _http.DefaultRequestHeaders.Authorization = new("Bearer", _fleet.Token(Node));
        _fleet.Enrol(_folder["data"], Node);
        string[] line =
        [
            .. wrapper.Select(word => word.Replace("{folder}", _folder.Path, StringComparison.Ordinal)),
            "dotnet", Path.Combine(AppContext.BaseDirectory, "aedile-agent.dll"), "--node", "lone",
            "--data", _folder["data"], "--listen", Address.GetLeftPart(UriPartial.Authority),
            "--silos", "http://127.0.0.1:1",
        ];
        var variables = ImmutableDictionary<string, string>.Empty.Add("DOTNET_EnableDiagnostics", "0");
        _process = new Command(line[0], line[1..]) { Variables = variables }.Start();
        _ = Collect(_process.StandardOutput);
        _ = Collect(_process.StandardError);
    }

    public Uri Address { get; }

    public NodeAddress At => new(Node, Address);

    public StorageNodeClient Client { get; }

    public HttpClient Http => _http;

    public RepositoryId Id { get; } = RepositoryId.Parse("00112233445566778899aabbccddeeff");

    public ReplicaVersion Version { get; private set; }

    public RefChecksum Checksum { get; private set; } = RefChecksum.OfEmpty("refs/heads/main");

    /// <summary>A path in the test's folder; the agent's own is <c>data</c>.</summary>
    public string this[params string[] parts] => _folder[parts];

    /// <summary>Folder of all replicas.</summary>
    public string Replicas => _folder["data", "storage", "replicas"];

    public string Repository => Path.Combine(Replicas, Id.Value[..2], Id.Value[2..4], Id.Value + ".git");

    /// <summary>Starts an agent with an empty replica.</summary>
    /// <param name="wrapper">Program and arguments that run it; <c>{folder}</c> is the test's folder.</param>
    public static async Task<LoneAgent> Start(params ImmutableArray<string> wrapper)
    {
        var agent = new LoneAgent(wrapper, PortRange.Take(1));
        try
        {
            await Eventually.True("the agent answers", StartLimit, async () =>
                !agent._process.HasExited && (await agent._http.GetAsync(new Uri(agent.Address, "/healthz")))
                    .IsSuccessStatusCode);
            agent.Version = new ReplicaVersion(1, agent.NewTransaction());
            var create = new CreateReplica(agent.NextToken(), agent.Version, "refs/heads/main");
            var reply = await agent.Client.Create(agent.At, agent.Id, create, default);
            Assert.Equal(CommandOutcome.Done, reply.Outcome);
            return agent;
        }
        catch (Exception error)
        {
            await agent.DisposeAsync();
            throw new InvalidOperationException($"The agent did not start:\n{agent._console}", error);
        }
    }

    public CommandToken NextToken() => new(1, ++_sequence);

    public TransactionId NewTransaction() => new(new Guid(++_ids, 7, 7, new byte[8]));

    /// <summary>Stages what the new values need, prepares, commits; each must be done.</summary>
    public async Task Push(GitWork work, params ImmutableArray<RefUpdate> updates)
    {
        var tips = updates.Where(u => !u.IsDelete).Select(u => u.New).ToImmutableArray();
        var write = new PrepareWrite(NextToken(), NewTransaction(), Version, null, updates, tips.Length > 0);
        if (write.HasPack)
        {
            using var body = new ByteArrayContent(StorageKit.Body(tips, await Pack(work, updates)));
            await Client.Stage(At, Id, write.Transaction, null, body, default);
        }
        Assert.Equal(CommandOutcome.Done, (await Client.Prepare(At, Id, write, default)).Outcome);
        (Version, Checksum) = (new(Version.Generation + 1, write.Transaction), Checksum.After(updates));
        var commit = new CommitWrite(write.Token, Version, Checksum.ToString());
        Assert.Equal(CommandOutcome.Done, (await Client.Commit(At, Id, commit, default)).Outcome);
    }

    /// <summary>Packs its refs behind its back, as housekeeping would.</summary>
    public async Task PackRefs(GitWork work) =>
        (await work.In(Repository, "--git-dir", Repository, "pack-refs", "--all").Run()).MustSucceed();

    /// <summary>Ends the agent in order; its wrapper ends with it.</summary>
    public async Task Stop()
    {
        await Signals.Send("TERM", Signals.Tree(_process.Id).Where(IsAgent));
        using var limit = new CancellationTokenSource(StartLimit, TimeProvider.System);
        await _process.WaitForExitAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Signals.Send("KILL", Signals.Tree(_process.Id).Reverse());
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
        _fleet.Dispose();
        _folder.Dispose();
    }

    private async Task<byte[]> Pack(GitWork work, ImmutableArray<RefUpdate> updates)
    {
        var file = _folder[string.Create(CultureInfo.InvariantCulture, $"{++_ids}.pack")];
        var lines = updates.Where(u => !u.IsDelete).Select(u => u.New)
            .Concat(updates.Where(u => !u.IsCreate).Select(u => "^" + u.Old));
        var command = new Command("sh", "-c", $"git pack-objects --revs --stdout --thin -q > {file}")
        {
            Folder = work.Path,
            Variables = work.Variables,
            Input = Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n"),
        };
        (await command.Run()).MustSucceed();
        return await File.ReadAllBytesAsync(file);
    }

    private static bool IsAgent(int pid)
    {
        try { return File.ReadAllText($"/proc/{pid}/cmdline").StartsWith("dotnet\0", StringComparison.Ordinal); }
        catch (IOException) { return false; } // It ended.
    }

    private async Task Collect(StreamReader lines)
    {
        while (await lines.ReadLineAsync() is { } line)
            lock (_console) _console.AppendLine(line);
    }
}
