using System.Net;
using System.Text;
using Aedile.Client.Repositories;
using Aedile.Tests.Support;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>Goal: a client that sends or reads slowly holds up nobody's write.</summary>
[Collection(nameof(LoneAgent))] // Ports are taken one test at a time.
public sealed class SlowReaderTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory(Timeout = 120_000)]
    [InlineData("0014command=ls-refs\n")]
    [InlineData("0011command=fetch0001000eofs-delta")]
    public async Task Reader_that_stops_in_its_request_holds_up_no_list_and_no_push(string beginning)
    {
        await using var agent = await LoneAgent.Start("env", "AEDILE_STORAGE__FETCHESMAX=1");
        using var work = await GitWork.Init("unused");
        using var stalled = Request(agent, HttpMethod.Post, "git-upload-pack");
        var body = new StallingBody(Encoding.ASCII.GetBytes(beginning));
        stalled.Content = body;
        var answer = agent.Http.SendAsync(stalled);
        await body.Begun.WaitAsync(Limit);

        for (var i = 0; i < 5; i++)
        {
            using var list = Request(agent, HttpMethod.Get, "info/refs?service=git-upload-pack");
            using var advertised = await agent.Http.SendAsync(list).WaitAsync(Limit);
            advertised.EnsureSuccessStatusCode();
            await agent.Push(work, new RefUpdate($"refs/heads/b{i}", RefUpdate.Zero, await work.Commit($"c{i}")))
                .WaitAsync(Limit);
        }
        Assert.False(answer.IsCompleted);
        body.Finish();
        (await answer.WaitAsync(Limit)).Dispose();
    }

    private static HttpRequestMessage Request(LoneAgent agent, HttpMethod method, string rest) =>
        new(method, new Uri(agent.Address, $"/git/{agent.Id}/{rest}"))
        {
            Headers = { { "Git-Protocol", "version=2" } },
        };

    /// <summary>A beginning that is sent at once, and an end that comes when the test says so.</summary>
    private sealed class StallingBody(byte[] beginning) : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void Finish() => _finished.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(beginning);
            await stream.FlushAsync();
            _begun.SetResult();
            await _finished.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
