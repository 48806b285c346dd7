using System.Net;
using System.Text;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;
using Aedile.Silo.Gateway.Fleet;
using Aedile.Silo.Gateway.Repositories;
using Aedile.Tests.Fleet;
using Aedile.Tests.Identity;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using static Aedile.Tests.Repositories.Rows;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>
/// Goal: however a node fails, its caller gets a <see cref="StorageNodeException"/>, which coordinators count as "did
/// not answer". Anything else would end a push without an outcome.
/// </summary>
public sealed class StorageNodesTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly TestFolder _folder = new("nodes");
    private readonly SessionSilo _silo;
    private readonly LoginStage _stage;

    public StorageNodesTests()
    {
        _silo = new SessionSilo("silo-1", new MemorySessionTable(_time), _time);
        _stage = new LoginStage(LoginStage.NewModel(_time), _time, _folder);
    }

    public void Dispose()
    {
        _stage.Dispose();
        _folder.Dispose();
    }

    private Task<NodeSession> Connect() => _silo.Connect(Node(1));

    private StorageNodes With(Func<CancellationToken, Task<HttpResponseMessage>> answer) =>
        new(_silo.Nodes, _silo.Sync, ClientOf(answer), _stage.Tokens, _time);

    private static StorageNodeClient ClientOf(Func<CancellationToken, Task<HttpResponseMessage>> answer) =>
        new(new HttpClient(new Node1(answer)) { Timeout = Timeout.InfiniteTimeSpan });

    private static HttpResponseMessage Answer(HttpStatusCode status, HttpContent content) =>
        new(status) { Content = content };

    [Fact]
    public async Task A_node_without_a_session_is_not_asked()
    {
        var nodes = With(_ => throw new InvalidOperationException("It was asked."));
        await Assert.ThrowsAsync<StorageNodeException>(() => nodes.Report(Node(1), Id, CancellationToken.None));
        _silo.Keeper.End(await Connect(), isLeaving: false);
        await _silo.Round();
        await Assert.ThrowsAsync<StorageNodeException>(() => nodes.Report(Node(1), Id, CancellationToken.None));
    }

    [Theory]
    [InlineData("{\"exists\":")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task An_answer_that_is_none_counts_as_no_answer(string text)
    {
        await Connect();
        var nodes = With(_ => Task.FromResult(Answer(HttpStatusCode.OK, new StringContent(text))));
        await Assert.ThrowsAsync<StorageNodeException>(() => nodes.Report(Node(1), Id, CancellationToken.None));
    }

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task A_node_killed_in_the_middle_of_its_answer_did_not_answer(HttpStatusCode status)
    {
        await Connect();
        var nodes = With(_ => Task.FromResult(Answer(status, new StreamContent(new BrokenOff("{\"exists\":")))));
        await Assert.ThrowsAsync<StorageNodeException>(() => nodes.Report(Node(1), Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_call_ends_with_the_session_of_its_node()
    {
        var session = await Connect();
        var call = With(Never).Report(Node(1), Id, CancellationToken.None);
        _silo.Keeper.End(session, isLeaving: false);
        await _silo.Round();
        var error = await Assert.ThrowsAsync<StorageNodeException>(() => call);
        Assert.Contains("lost its session", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_ends_at_its_limit()
    {
        await Connect();
        var call = With(Never).Report(Node(1), Id, CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(2));
        var error = await Assert.ThrowsAsync<StorageNodeException>(() => call);
        Assert.Contains("did not answer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_leaves_is_told_so_and_not_that_the_node_failed()
    {
        await Connect();
        using var leaves = new CancellationTokenSource();
        var call = With(Never).Report(Node(1), Id, leaves.Token);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    // The renewal runs beside a push that may be decided already: it must not be what the client hears of.
    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task A_lease_that_can_not_be_renewed_is_no_error(HttpStatusCode status)
    {
        await Connect();
        var staging = new HttpPackStaging(
            _silo.Nodes, ClientOf(_ => Task.FromResult(Answer(status, new StreamContent(new BrokenOff("x"))))),
            NullLogger<HttpPackStaging>.Instance);
        await staging.Renew(Node(1), Id, Transaction(1), CancellationToken.None);
    }

    private static async Task<HttpResponseMessage> Never(CancellationToken cancellation)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellation);
        throw new InvalidOperationException("The wait ended by itself.");
    }

    private sealed class Node1(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) => answer(cancellationToken);
    }

    // As the network shows a process that was killed: some bytes, then a reset.
    private sealed class BrokenOff(string beginning) : MemoryStream(Encoding.ASCII.GetBytes(beginning))
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var length
                ? length
                : throw new IOException("Connection reset by peer.");
    }
}
