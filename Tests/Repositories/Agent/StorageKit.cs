using System.Buffers;
using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Text;
using Aedile.Agent.Repositories;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>
/// A storage role on a real disk with real git, a clock that stands still, and a work tree to push from.
/// </summary>
internal sealed class StorageKit : IAsyncDisposable
{
    public const string Main = "refs/heads/main";
    private readonly TestFolder _folder = new("storage");
    private readonly GitSlots _slots = new(new StorageOptions());
    private readonly SpawnThread _spawn = new();
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;
    private long _sequence = 1;
    private int _ids;

    private StorageKit(GitWork work)
    {
        Work = work;
        Git = new StockGit(
            TimeProvider.System, _slots, _spawn, () => throw new InvalidOperationException("No TLS here."),
            NullLogger.Instance);
    }

    public RepositoryId Id { get; } = RepositoryId.Parse("00112233445566778899aabbccddeeff");
    public GitWork Work { get; }
    public StockGit Git { get; }

    /// <summary>Where repairs of this kit fetch from, instead of over HTTP.</summary>
    public StorageKit? Source { get; set; }
    public IDisk Disk { get; private set; } = new PosixDisk();
    public ScriptedSilo Silo { get; } = new();
    public StorageOptions Options { get; } = new();
    public List<string> Stops { get; } = [];
    public ManualTime Clock { get; private set; } = new();
    public StorageRole Role { get; private set; } = null!;
    public ReplicaVersion Version { get; private set; }
    public RefChecksum Checksum { get; private set; } = RefChecksum.OfEmpty(Main);

    public ReplicaStore Store => Role.Store;
    public string Repository => Role.Shelf[Id].Path;
    public ReplicaState State => Role.State.Replicas[Id];
    public IEnumerable<string> Quarantines =>
        Directory.GetDirectories(Path.Combine(Repository, "objects"), "incoming-*");

    /// <summary>A kit with an empty replica at generation 1.</summary>
    public static async Task<StorageKit> Start(string? crashAt = null, IDisk? disk = null, bool isEmpty = false)
    {
        var kit = new StorageKit(await GitWork.Init("unused"));
        if (disk is not null) kit.Disk = disk;
        await kit.Open("boot-1", crashAt);
        if (isEmpty) return kit;
        kit.Version = new ReplicaVersion(1, kit.NewTransaction());
        var reply = await kit.Store.Create(kit.Id, new CreateReplica(kit.NextToken(), kit.Version, Main), default);
        Assert.Equal(CommandOutcome.Done, reply.Outcome);
        return kit;
    }

    /// <summary>Starts the role again as after kill -9: git children that held locks were killed too.</summary>
    public async Task Crash(string boot = "boot-1", string? crashAt = null)
    {
        // It may be ending by itself: whom the signal doesn't find needs none.
        if (State.Child is { } child && MachineBoot.ReadStartTicks(child.Pid) == child.StartTicks)
            PosixSignals.SendKill(child.Pid);
        await Open(boot, crashAt);
    }

    /// <summary>Starts the role again after an orderly stop.</summary>
    public async Task Restart(string boot = "boot-1")
    {
        await Role.DisposeAsync();
        await Open(boot, null);
    }

    public CommandToken NextToken(long epoch = 1) => new(epoch, _sequence++);

    public TransactionId NewTransaction() => new(new Guid(++_ids, 7, 7, new byte[8]));

    public async Task<StageReply> Stage(TransactionId transaction, string tip, params string[] without)
    {
        var pack = await Pack(tip, without);
        return await StageBytes(transaction, Body([tip], pack));
    }

    public Task<StageReply> StageBytes(TransactionId transaction, byte[] body) =>
        Role.Staging.Receive(
            Role.Shelf[Id], transaction, PipeReader.Create(new ReadOnlySequence<byte>(body)), default);

    public Task<PrepareReply> Prepare(PrepareWrite command) => Store.Prepare(Id, command, default);

    public PrepareWrite Write(TransactionId transaction, bool hasPack, params RefUpdate[] updates) =>
        new(NextToken(), transaction, Version, null,
            [.. updates.OrderBy(u => u.Name, StringComparer.Ordinal)], hasPack);

    /// <summary>The decision that a prepared write would get.</summary>
    public DecisionNotice Decision(PrepareWrite write) => new(
        new ReplicaVersion(write.Base.Generation + 1, write.Transaction), write.Base,
        Checksum.After(write.Updates).ToString());

    public Task<CommandReply> Commit(PrepareWrite write)
    {
        var decision = Decision(write);
        return Store.Commit(Id, new CommitWrite(write.Token, decision.Version, decision.Checksum), default);
    }

    /// <summary>From now on the decided write is what the replica should hold.</summary>
    public void Decided(PrepareWrite write) =>
        (Version, Checksum) = (Decision(write).Version, Checksum.After(write.Updates));

    /// <summary>Stages and prepares one ref; asserts the promise.</summary>
    public async Task<PrepareWrite> Promise(string name, string old, string tip)
    {
        var write = Write(NewTransaction(), hasPack: tip != RefUpdate.Zero, new RefUpdate(name, old, tip));
        if (write.HasPack) await Stage(write.Transaction, tip);
        var reply = await Prepare(write);
        Assert.Equal(CommandOutcome.Done, reply.Outcome);
        Assert.Equal(
            PrepareVote.Compute(
                write.Transaction, write.Token, write.Base, write.Updates, Checksum.After(write.Updates).ToString()),
            reply.Vote);
        return write;
    }

    /// <summary>A whole push of one ref.</summary>
    public async Task Push(string name, string old, string tip)
    {
        var write = await Promise(name, old, tip);
        Assert.Equal(CommandOutcome.Done, (await Commit(write)).Outcome);
        Decided(write);
    }

    /// <summary>Refs of the replica by stock git, and a full check of its objects.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> Refs()
    {
        (await Work.In(Repository, "--git-dir", Repository, "fsck", "--full", "--strict").Run()).MustSucceed();
        var list = (await Work.In(Repository, "--git-dir", Repository, "show-ref").Run()).Output;
        return list.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToImmutableSortedDictionary(l => l[41..], l => l[..40], StringComparer.Ordinal);
    }

    /// <summary>Asserts that the replica holds what was decided, and that nothing is left beside it.</summary>
    public async Task AssertWhole()
    {
        var report = await Store.Report(Id, default);
        Assert.Equal(Version, report.Version);
        Assert.Equal(Checksum.ToString(), report.Checksum);
        Assert.Null(report.Open);
        var refs = await Refs();
        Assert.Equal(Checksum, refs.Aggregate(RefChecksum.OfEmpty(Main), (sum, r) => sum.Plus(r.Key, r.Value)));
        Assert.Empty(Quarantines);
        AssertNoLocks();
        Assert.Empty(Stops);
    }

    public void AssertNoLocks() =>
        Assert.Empty(Directory.GetFiles(Repository, "*.lock", SearchOption.AllDirectories));

    public async Task<byte[]> Pack(string tip, params string[] without)
    {
        var revisions = string.Join('\n', without.Select(w => "^" + w).Prepend(tip)) + "\n";
        var file = _folder[$"{++_ids}.pack"];
        var command = new Command("sh", "-c", $"git pack-objects --revs --stdout --thin -q > {file}")
        {
            Folder = Work.Path, Variables = Work.Variables, Input = Encoding.ASCII.GetBytes(revisions),
        };
        (await command.Run()).MustSucceed();
        return await File.ReadAllBytesAsync(file);
    }

    public static byte[] Body(IEnumerable<string> tips, byte[] pack) =>
        [.. Encoding.ASCII.GetBytes(string.Concat(tips.Select(t => "002c" + t)) + "0000"), .. pack];

    public async ValueTask DisposeAsync()
    {
        await Role.DisposeAsync();
        _spawn.Dispose();
        _slots.Dispose();
        Work.Dispose();
        _folder.Dispose();
    }

    private async Task Open(string boot, string? crashAt)
    {
        // Each run has a clock of its own: the timers of a crashed one must not fire.
        if (Role is not null) _now = Clock.GetUtcNow();
        Clock = new ManualTime(_now);
        var ports = new StoragePorts(
            Disk, new DirectGit(Git, () => Source?.Repository), Silo, Clock,
            (reason, _) => Stops.Add(reason), NullLogger.Instance, Options)
        {
            Points = crashAt is null ? new NoCrashPoints() : new CrashHere(crashAt),
        };
        Role = await StorageRole.Start(ports, _folder["role"], boot);
    }
}
