using System.Net.Http.Json;
using Aedile.Agent.Fleet;
using Aedile.Agent.Model;
using Aedile.Client;
using Aedile.Client.Gateway;
using Aedile.Client.Model.Copies;
using Aedile.Tests.Support;

namespace Aedile.Tests.Model.Copies;

/// <summary>Goal: an agent whose silo lags finds a better one, whatever the others do.</summary>
public sealed class SiloProbeTests
{
    private static readonly Uri Mine = new("http://mine/");
    private static readonly Uri Hung = new("http://hung/");
    private static readonly Uri Better = new("http://better/");

    [Fact(Timeout = 30_000)]
    public async Task A_silo_that_takes_the_question_and_never_answers_is_no_reason_to_wait_for_ever()
    {
        var clock = new ManualTime();
        using var folder = new TestFolder("silos");
        var silos = new SiloList([Mine, Hung, Better], new SiloFile(folder.Path));
        using var client = new AedileClient(
            new GatewayOptions(silos) { Patience = TimeSpan.Zero }, clock, new OneHangs());
        var asking = new SiloProbe(client, silos).FindBetter(
            Mine, new CopyPoint("t", 1, "d", AgeMs: 60_000), TestContext.Current.CancellationToken);
        Assert.False(asking.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(Better, await asking);
    }

    private sealed class OneHangs : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Host == Hung.Host)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            return new HttpResponseMessage
            {
                Content = JsonContent.Create(new CopyPoint("t", 5, "d", AgeMs: 100), options: Wire.Json),
            };
        }
    }
}
