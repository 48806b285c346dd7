using System.Collections.Immutable;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Chaos;

/// <summary>
/// A client that pushes one commit after another to two branches of its own, atomically, remembers what it was told,
/// and reads each acknowledged push back at once: no replica that lacks it may answer.
/// </summary>
internal sealed class AtomicPusher(GitWork work, string name) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OutcomeLimit = TimeSpan.FromSeconds(30);
    private readonly HttpClient _reader = new(new SocketsHttpHandler { UseProxy = false })
    {
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(new Uri(work.Url).UserInfo))),
        },
    };

    private int _count;
    private string? _acknowledged;
    private readonly List<(string Commit, string? Transaction)> _unknown = [];

    public int Acknowledged { get; private set; }

    public int Refused { get; private set; }

    /// <summary>The longest that git took for one push, however it ended.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>What git said of the last push that was not acknowledged.</summary>
    public string LastRefusal { get; private set; } = "";

    /// <summary>One push. Returns whether it was acknowledged; its outcome is remembered either way.</summary>
    public async Task<bool> Push()
    {
        var commit = await work.Commit(string.Create(CultureInfo.InvariantCulture, $"{name}-{_count++}"));
        var began = TimeProvider.System.GetTimestamp();
        var push = await (work.In(work.Path, "push", "--force", "--atomic", "origin",
            $"{commit}:refs/heads/{name}-a", $"{commit}:refs/heads/{name}-b") with
        { Limit = TimeSpan.FromSeconds(90) }).Run();
        var took = TimeProvider.System.GetElapsedTime(began);
        if (took > Longest) Longest = took;
        if (push.ExitCode == 0)
        {
            _acknowledged = commit;
            _unknown.Clear();
            Acknowledged++;
            await MustBeRead(commit);
            return true;
        }
        _unknown.Add((commit, PushText.Transaction(push.Text)));
        Refused++;
        LastRefusal = push.Text;
        return false;
    }

    /// <summary>Pushes until told to stop.</summary>
    public async Task PushUntil(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            if (!await Push()) await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
    }

    /// <summary>
    /// Fails the test unless both branches hold the same commit, and that is the last one acknowledged or one tried
    /// after it; and unless the outcome by transaction id says the same of the last one tried.
    /// </summary>
    public async Task MustBeKept(EmbeddedFleet fleet, RepositoryId id, ImmutableSortedDictionary<string, string> refs)
    {
        var a = refs.GetValueOrDefault($"refs/heads/{name}-a");
        Assert.Equal(a, refs.GetValueOrDefault($"refs/heads/{name}-b"));
        var allowed = _unknown.Select(u => (string?)u.Commit).Append(_acknowledged).ToList();
        var tried = string.Join(' ', allowed);
        Assert.True(allowed.Contains(a), $"{name}: {a ?? "nothing"} is there; told or tried: {tried}");
        if (_unknown is [.., (var last, { } transaction)])
        {
            // A promise of the silo that died stays open until its replica has asked what became of it.
            var outcome = await Eventually.Value($"the outcome of {transaction}", OutcomeLimit, async () =>
                (await fleet.Api.Transaction(id, transaction)).Outcome is var found and not "pending" ? found : null);
            if (a == last) Assert.Equal("committed", outcome);
            else Assert.True(outcome is "aborted" or "unknown", $"{name}: {last} is absent, but {outcome}");
        }
        _acknowledged = a;
        _unknown.Clear();
    }

    public void Dispose()
    {
        _reader.Dispose();
        work.Dispose();
    }

    private async Task MustBeRead(string commit)
    {
        var url = new UriBuilder(work.Url) { UserName = "", Password = "" }.Uri;
        try
        {
            using var answer = await _reader.GetAsync(new Uri($"{url}/info/refs?service=git-upload-pack"));
            // An old route is allowed while the coordinator is silent, if the answer says so.
            if (!answer.IsSuccessStatusCode || answer.Headers.Contains("Aedile-Stale-Route")) return;
            var refs = await answer.Content.ReadAsStringAsync();
            Assert.True(refs.Contains($"{commit} refs/heads/{name}-a", StringComparison.Ordinal),
                $"{name}: {commit} was acknowledged, and a read behind it shows\n{refs}");
        }
        catch (HttpRequestException) { } // The silo was killed; what it serves later is checked at the end.
    }
}
