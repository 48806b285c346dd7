using System.Collections.Immutable;
using Aedile.Client.Repositories;
using Aedile.Tests.Repositories.Agent;
using Aedile.Tests.Support;

namespace Aedile.Tests.Chaos;

/// <summary>
/// Goal: on a real machine, with stock git, the real agent makes things durable in the order that
/// <c>Agent/Repositories/DESIGN.md</c> promises. Whatever a power cut takes is then what the recovery expects.
/// </summary>
[Collection(nameof(LoneAgent))] // Ports are taken one test at a time.
public sealed class FsyncOrderTests
{
    private const string Zero = RefUpdate.Zero;
    private const string Main = "refs/heads/main";
    private const string Deep = "refs/heads/deep/er/branch";

    private static readonly string[] Naming =
        ["rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat"];

    private static readonly string Traced =
        "trace=" + string.Join(',', [.. Naming, "fsync", "fdatasync", "pwrite64", "sendto", "sendmsg"]);

    [Fact(Timeout = 180_000)]
    public async Task Nothing_is_said_before_what_it_rests_on_is_durable()
    {
        await using var agent = await LoneAgent.Start(
            "strace", "-f", "-y", "-s", "4096", "--seccomp-bpf", "-e", Traced, "-o", "{folder}/trace");
        using var work = await GitWork.Init("unused");
        var first = await work.Commit("first");
        await agent.Push(work, new RefUpdate(Main, Zero, first));
        for (var i = 0; i < 40; i++) await work.Commit($"c{i}"); // Over a hundred objects: they stay a pack.
        var second = await work.Head();
        await agent.Push(work, new RefUpdate(Deep, Zero, second), new RefUpdate(Main, first, second));
        await agent.PackRefs(work);
        await agent.Push(work, new RefUpdate(Deep, second, Zero), new RefUpdate(Main, second, first));
        await agent.Stop();

        var calls = SystemCall.ReadTrace(agent["trace"]);
        Assert.All(calls.Where(c => c.IsFlush), c => Assert.Equal("0", c.Result));
        var trace = new PushTrace(calls, agent.Replicas);
        Assert.Equal(3, trace.Pushes);
        trace.MustFlushNames(trace.Written("started")[0], trace.Written("created")[0]);
        for (var push = 0; push < trace.Pushes; push++)
        {
            trace.MustFlushQuarantine(push, isExpected: push < 2);
            trace.MustDecideBeforeItMoves(push);
            trace.MustFlushNames(
                push == 0 ? trace.Written("created")[0] : trace.Written("closed")[push - 1],
                trace.Written("closed")[push]);
            trace.MustAnswerLast(push);
        }
    }

    /// <summary>The calls of a few pushes, one after another.</summary>
    private sealed class PushTrace(ImmutableArray<SystemCall> calls, string replicas)
    {
        private readonly ImmutableArray<SystemCall> _done = [.. calls.Where(c => !c.Result.StartsWith('-'))];

        public int Pushes => Written("closed").Length;

        /// <summary>The writes of one kind of record to the journal.</summary>
        public ImmutableArray<SystemCall> Written(string record) =>
        [
            .. calls.Where(c => c.Name == "pwrite64" && Says(c, $"\"is\":\"{record}\"")
                && c.File.Contains("/journal/log-", StringComparison.Ordinal)),
        ];

        /// <summary>Every object, its folder, the quarantine and its own name are durable before the promise.</summary>
        public void MustFlushQuarantine(int push, bool isExpected)
        {
            var promised = Written("promised")[push];
            var moves = Names(Written("decided")[push], Written("closed")[push])
                .Where(c => c.Name.StartsWith("rename", StringComparison.Ordinal) && IsQuarantined(c.Source)).ToList();
            Assert.Equal(isExpected, moves.Count > 0);
            foreach (var move in moves)
            {
                MustFlushBetween(move.Source, LastNaming(move.Source, promised), promised);
                var folder = move.Source;
                while (!folder.EndsWith("/objects", StringComparison.Ordinal))
                {
                    var made = LastNaming(folder, promised);
                    folder = Path.GetDirectoryName(folder)!;
                    MustFlushBetween(folder, made, promised);
                }
            }
        }

        /// <summary>No object and no ref is moved before the decision is durable.</summary>
        public void MustDecideBeforeItMoves(int push)
        {
            var decided = Durable(Written("decided")[push]);
            var moves = Names(Durable(Written("promised")[push]), Written("closed")[push])
                .Where(c => !c.Name.StartsWith("mkdir", StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(moves);
            Assert.All(moves, move => Assert.True(decided.IsBefore(move), $"{move}\nis not after\n{decided}"));
        }

        /// <summary>Each name made, changed or taken away is durable before the record that ends the work.</summary>
        public void MustFlushNames(SystemCall begin, SystemCall end)
        {
            var changes = Names(begin, end).Where(c => !IsQuarantined(c.Target)).ToList();
            Assert.NotEmpty(changes);
            foreach (var change in changes)
            {
                var folder = Path.GetDirectoryName(change.Target)!;
                // Of a folder that is gone again by then, the nearest that is left holds the change.
                while (IsDeleted(folder, change, end)) folder = Path.GetDirectoryName(folder)!;
                MustFlushBetween(folder, change, end);
                // Its value was written under the name of its lock.
                if (change.Name.StartsWith("rename", StringComparison.Ordinal) && IsRef(change.Target))
                    Assert.Contains(
                        calls,
                        c => c.IsFlush && (c.File == change.Source || c.File == change.Target) && c.IsBefore(end));
            }
        }

        /// <summary>The vote leaves after the promise, the report and the quarantine after the end.</summary>
        public void MustAnswerLast(int push)
        {
            var answers = calls.Where(c => c.Name is "sendto" or "sendmsg").ToList();
            var vote = answers.Where(c => Says(c, "\"vote\":\"")).ElementAt(push);
            var done = answers.First(c => !Says(c, "\"vote\":") && Says(c, $"\"generation\":{push + 2},"));
            Assert.True(Durable(Written("promised")[push]).IsBefore(vote));
            var closed = Durable(Written("closed")[push]);
            Assert.True(closed.IsBefore(done));
            Assert.All(
                _done.Where(c => c.Name == "rmdir" && IsQuarantined(c.Target) && vote.IsBefore(c) && c.IsBefore(done)),
                c => Assert.True(closed.IsBefore(c), $"{c} is not after {closed}"));
        }


        private SystemCall Durable(SystemCall write) =>
            calls.First(c => c.IsFlush && c.File == write.File && write.IsBefore(c));

        private IEnumerable<SystemCall> Names(SystemCall after, SystemCall before) =>
            _done.Where(c => Naming.Contains(c.Name) && after.IsBefore(c) && c.IsBefore(before)
                && c.Target.StartsWith(replicas, StringComparison.Ordinal));

        private bool IsDeleted(string folder, SystemCall after, SystemCall before) =>
            _done.Any(c => c.Name == "rmdir" && c.Target == folder && after.IsBefore(c) && c.IsBefore(before));

        private SystemCall LastNaming(string path, SystemCall before) =>
            _done.Last(c => Naming.Contains(c.Name) && c.Target == path && c.IsBefore(before));

        private void MustFlushBetween(string path, SystemCall after, SystemCall before) =>
            Assert.True(
                calls.Any(c => c.IsFlush && c.File == path && after.IsBefore(c) && c.IsBefore(before)),
                $"{path} is not flushed after\n{after}\nand before\n{before}");

        private static bool IsQuarantined(string path) => path.Contains("/objects/incoming-", StringComparison.Ordinal);

        private static bool IsRef(string path) =>
            path.Contains("/refs/", StringComparison.Ordinal)
            || path.EndsWith("/packed-refs", StringComparison.Ordinal);

        private static bool Says(SystemCall call, string text) =>
            call.Arguments.Contains(text.Replace("\"", "\\\"", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}
