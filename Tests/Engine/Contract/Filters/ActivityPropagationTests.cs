using System.Collections.Concurrent;
using System.Diagnostics;
using Aedile.Tests.Support.Engines;
using Orleans.Diagnostics;

namespace Aedile.Tests.Engine.Filters;

/// <summary>Goal: a trace that comes to a call goes on through every grain that the call reaches.</summary>
public sealed class ActivityPropagationTests : IDisposable
{
    private readonly ActivitySource _source = new("Aedile.Tests.ActivityPropagation");
    private readonly ConcurrentQueue<Activity> _stopped = [];
    private readonly ActivityListener _listener;

    public ActivityPropagationTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source =>
                source.Name == ActivitySources.ApplicationGrainActivitySourceName || source == _source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }

    [Fact]
    public async Task Each_call_has_a_span_at_both_ends_under_that_of_its_caller()
    {
        await using var silo = await TestSilo.Start(builder => builder.AddActivityPropagation());
        using var root = _source.StartActivity("test")!;
        root.SetBaggage("user", "me");
        await Grain(silo).Ask("b", "hello");
        Assert.Same(root, Activity.Current);
        Assert.Null(RequestContext.Get("traceparent"));

        var spans = SpansOf(root);
        Assert.Equal(
            [
                "Server IFilteredGrain/Say", "Client IFilteredGrain/Say",
                "Server IFilteredGrain/Ask", "Client IFilteredGrain/Ask",
            ],
            spans.Select(span => $"{span.Kind} {span.OperationName}"));
        Assert.Equal(
            spans.Skip(1).Select(span => span.SpanId).Append(root.SpanId), spans.Select(span => span.ParentSpanId));
        Assert.Equal("me", spans[0].GetBaggageItem("user"));
        Assert.Equal("filtered/a", spans[0].GetTagItem("orleans.rpc.source_id"));
        Assert.Equal("filtered/b", spans[0].GetTagItem("orleans.rpc.target_id"));
        Assert.Equal("orleans", spans[0].GetTagItem("rpc.system.name"));
    }

    [Fact]
    [Trait("Engine", "Bundled")] // The official engine makes each span twice then.
    public async Task Asking_for_it_twice_changes_nothing()
    {
        await using var silo = await TestSilo.Start(
            builder => builder.AddActivityPropagation().AddActivityPropagation());
        using var root = _source.StartActivity("test")!;
        await Grain(silo).Double(1);
        Assert.Equal(2, SpansOf(root).Count);
    }

    [Fact]
    public async Task A_call_that_fails_has_its_error_in_both_spans()
    {
        await using var silo = await TestSilo.Start(builder => builder.AddActivityPropagation());
        using var root = _source.StartActivity("test")!;
        await Assert.ThrowsAsync<InvalidOperationException>(() => Grain(silo).Fail("Broken."));
        Assert.All(SpansOf(root), span =>
        {
            Assert.Equal(ActivityStatusCode.Error, span.Status);
            Assert.Equal("Broken.", span.GetTagItem("exception.message"));
        });
        Assert.Equal(2, SpansOf(root).Count);
    }

    [Fact]
    public async Task Without_it_there_are_no_spans()
    {
        await using var silo = await TestSilo.Start();
        using var root = _source.StartActivity("test")!;
        await Grain(silo).Double(1);
        Assert.Empty(SpansOf(root));
    }

    private static IFilteredGrain Grain(TestSilo silo) => silo.Grains.GetGrain<IFilteredGrain>("a");

    // Other tests run beside this one, so only this trace counts.
    private List<Activity> SpansOf(Activity root) => [.. _stopped.Where(span => span.TraceId == root.TraceId)];
}
