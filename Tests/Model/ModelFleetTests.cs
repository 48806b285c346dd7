using Aedile.Grains.Interfaces.Model;
using Aedile.Tests.Support;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Model;

/// <summary>
/// Goal: any silo of a fleet writes the model, and every silo shows it; who goes takes nothing along. Runs with either
/// engine.
/// </summary>
public sealed class ModelFleetTests(PrivatePostgres postgres)
{
    [Fact(Timeout = 120_000)]
    public async Task What_one_silo_writes_it_shows_at_once_and_every_other_soon()
    {
        var database = await postgres.NewDatabase();
        await using var one = await ModelSilo.Start(database);
        await using var two = await ModelSilo.Start(database);
        for (var i = 0; i < 20; i++)
        {
            var (writer, reader) = i % 2 == 0 ? (one, two) : (two, one);
            var receipt = await writer.Write(Of(Node($"n{i}")));
            Assert.Equal((WriteOutcome.Written, true), (receipt.Reply.Outcome, receipt.IsApplied));
            Assert.Equal($"n{i}", Find(writer.Replica.Current, "node", $"n{i}").Name);
            Assert.True(await reader.Latest.Ask() >= receipt.Reply.Index);
            Assert.True(await reader.Replica.WaitFor(
                receipt.Reply.Index, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            Assert.Equal($"n{i}", Find(reader.Replica.Current, "node", $"n{i}").Name);
        }

        Assert.Equal(one.Replica.Current.Digest, two.Replica.Current.Digest);
        Assert.Equal(one.Replica.Current.ContentDigest, two.Replica.Current.ContentDigest);
    }

    [Fact(Timeout = 120_000)]
    public async Task When_the_sequencer_s_silo_goes_writes_go_on_and_a_new_silo_knows_everything()
    {
        var database = await postgres.NewDatabase();
        var first = await ModelSilo.Start(database);
        await using var second = await ModelSilo.Start(database);
        Assert.Equal(WriteOutcome.Written, (await first.Write(Of(Node("n1")))).Reply.Outcome);
        await first.DisposeAsync();
        var receipt = await second.Write(Of(Node("n2")));
        Assert.Equal((WriteOutcome.Written, 2L), (receipt.Reply.Outcome, receipt.Reply.Index));
        await using var third = await ModelSilo.Start(database);
        Assert.Equal(2, third.Replica.Current.Count);
        Assert.Equal(second.Replica.Current.Digest, third.Replica.Current.Digest);
    }

    [Fact(Timeout = 120_000)]
    public async Task Writes_of_all_silos_at_once_are_all_kept_in_one_order()
    {
        var database = await postgres.NewDatabase();
        await using var one = await ModelSilo.Start(database);
        await using var two = await ModelSilo.Start(database);
        var receipts = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            (i % 2 == 0 ? one : two).Write(Of(Node($"n{i}")))));
        Assert.All(receipts, receipt => Assert.True(receipt.IsApplied));
        Assert.Equal(200, receipts.Select(receipt => receipt.Reply.Index).Distinct().Count());
        Assert.True(await one.Replica.WaitFor(200, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Equal(200, one.Replica.Current.Count);
    }
}
