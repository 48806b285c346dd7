using System.Net;
using Aedile.Tests.Support;

namespace Aedile.Tests.Chaos;

/// <summary>
/// Goal: definitions that were acknowledged are kept whatever dies; without the database every silo goes on reading,
/// and refuses writes clearly.
/// </summary>
public sealed class ModelLossTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan ReadMax = TimeSpan.FromSeconds(2);

    [Fact(Timeout = 600_000)]
    public async Task Acknowledged_definitions_are_kept_while_silos_are_killed_and_the_database_hangs()
    {
        await using var fleet = await EmbeddedFleet.Start(1, silos: 3);
        using var clients = new DisposableList<FleetApi>(Enumerable.Range(0, 3).Select(silo =>
            new FleetApi(new Uri($"http://127.0.0.1:{fleet.Port + silo}"), fleet.Token)));
        using var stop = new CancellationTokenSource();
        var writers = clients.Select((api, silo) => new Writer(new ModelClient(api.Http), $"w{silo}")).ToList();
        var streams = writers.Select(writer => writer.WriteUntil(stop.Token)).ToList();
        await WhenAllWrote(writers);

        await fleet.Signal("silo-1", "KILL");
        await WhenAllWrote(writers);
        await WhenDatabaseHangs(fleet, writers);
        await WhenAllWrote(writers);
        await fleet.Signal("silo-2", "KILL");
        await fleet.Signal("silo-3", "KILL");
        await WhenAllWrote(writers);

        await stop.CancelAsync();
        await Task.WhenAll(streams);
        var digests = new HashSet<string>();
        foreach (var api in clients)
        {
            var model = new ModelClient(api.Http);
            foreach (var writer in writers) await writer.MustBeKept(model);
            var state = (await model.Get("model")).Body!;
            digests.Add($"{state["index"]} {state["digest"]} {state["contentDigest"]}");
        }

        Assert.Single(digests);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{writers.Sum(w => w.Acknowledged)} transactions acknowledged, {writers.Sum(w => w.Refused)} refused");
    }

    private static async Task WhenDatabaseHangs(EmbeddedFleet fleet, List<Writer> writers)
    {
        var database = Signals.Tree(fleet.Find("postgres").Pid);
        await Signals.Send("STOP", database);
        try
        {
            await Eventually.True("every writer is told that nothing can be written now", Soon, () =>
                writers.Find(writer => writer.LastProblem is not "writes-unavailable") is { } other
                    ? throw new InvalidOperationException($"One hears: {other.LastProblem ?? "that it is written"}")
                    : Task.FromResult(true));
            foreach (var writer in writers)
            {
                var clock = TimeProvider.System;
                var began = clock.GetTimestamp();
                var read = await writer.Model.Get($"model/nodes/{writer.LastNode}");
                Assert.Equal(HttpStatusCode.OK, read.Status);
                Assert.InRange(clock.GetElapsedTime(began), TimeSpan.Zero, ReadMax);
                Assert.Equal("too-stale", (await writer.Model.Get("model/nodes?consistency=latest")).Problem);
            }
        }
        finally
        {
            await Signals.Send("CONT", database);
        }
    }

    private static Task WhenAllWrote(List<Writer> writers)
    {
        var goals = writers.Select(writer => writer.Acknowledged + 3).ToList();
        return Eventually.True("every writer has written three times more", Soon, () => Task.FromResult(
            writers.Select((writer, i) => writer.Acknowledged >= goals[i]).All(isDone => isDone)));
    }

    /// <summary>Writes transactions of two nodes each, through one silo.</summary>
    private sealed class Writer(ModelClient model, string name)
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

        private readonly List<string> _acknowledged = [];
        private readonly List<string> _inDoubt = [];
        private string? _lastShown;
        private int _next;

        public ModelClient Model => model;

        public int Acknowledged => _acknowledged.Count;

        public int Refused { get; private set; }

        public string? LastProblem { get; private set; }

        /// <summary>Newest that its silo showed when it answered: 202 says that it doesn't yet.</summary>
        public string LastNode => _lastShown + "-a";

        public async Task WriteUntil(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                var id = $"{name}-{_next++}";
                var answer = await TryWrite(id);
                LastProblem = answer is null ? "not-reached" : answer.Problem;
                if (answer?.Status is HttpStatusCode.OK or HttpStatusCode.Accepted) _acknowledged.Add(id);
                else if (LastProblem == "writes-unavailable") Refused++;
                else _inDoubt.Add(id);
                if (answer?.Status is HttpStatusCode.OK) _lastShown = id;
                // As Retry-After asks for, only sooner.
                if (LastProblem is not null) await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }

        /// <summary>What was acknowledged is there, what is in doubt is whole or not at all.</summary>
        public async Task MustBeKept(ModelClient reader)
        {
            foreach (var id in _acknowledged)
            {
                foreach (var half in (string[])["a", "b"])
                {
                    var kept = await reader.Get($"model/nodes/{id}-{half}?consistency=latest");
                    Assert.Equal(HttpStatusCode.OK, kept.Status);
                }
            }

            foreach (var id in _inDoubt)
            {
                var (a, b) = (await reader.Get($"model/nodes/{id}-a"), await reader.Get($"model/nodes/{id}-b"));
                Assert.Equal(a.Status, b.Status);
            }
        }

        private async Task<ModelAnswer?> TryWrite(string id)
        {
            const string Body = """{"spec":{"attributes":[]} }""";
            var changes = string.Join(',', ((string[])["a", "b"]).Select(half =>
                $$"""{"verb":"create","kind":"node","id":"{{id}}-{{half}}","body":{{Body}} }"""));
            try
            {
                return await model.Send(
                    HttpMethod.Post, "model/transactions", $$"""{"changes":[{{changes}}] }""");
            }
            catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
            {
                return null;
            }
        }
    }

    private sealed class DisposableList<T>(IEnumerable<T> items) : List<T>(items), IDisposable
        where T : IDisposable
    {
        public void Dispose() => ForEach(item => item.Dispose());
    }
}
