using Aedile.Tests.Engine.Messaging;

namespace Aedile.Tests.Engine.Filters;

/// <summary>Goal: a client's filters run around its calls, and their context reaches the grain.</summary>
public sealed class ClientFilterTests
{
    [Fact]
    public async Task A_clients_filters_run_around_calls_that_cross_the_wire()
    {
        await using var fleet = await WireFleet.Start(1);
        await using var client = await WireClient.Start([fleet.GatewayOf(0)], configure: builder => builder
            .AddOutgoingGrainCallFilter(async context =>
            {
                RequestContext.Set("key", $"{context.InterfaceName}.{context.MethodName}");
                await context.Invoke();
                if (context.Result is int sum) context.Result = sum + 100;
            }));
        Assert.Equal(105, await client.Tally("0:a").Add(5));
        Assert.Equal("ITallyGrain.ReadContext", await client.Tally("0:a").ReadContext("key"));
    }
}
