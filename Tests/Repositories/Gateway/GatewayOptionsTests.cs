using Aedile.Silo.Gateway.Repositories;
using Microsoft.Extensions.Options;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>Goal: what can't work is refused at start, with the name of the option.</summary>
public sealed class GatewayOptionsTests
{
    private static void Refused<T>(IValidateOptions<T> validator, T options, string words)
        where T : class
    {
        var result = validator.Validate(null, options);
        Assert.True(result.Failed);
        Assert.Contains(words, result.FailureMessage, StringComparison.Ordinal);
    }

    private static VirtualStorageOptions Storages(params IEnumerable<VirtualStorage> storages)
    {
        var options = new VirtualStorageOptions();
        foreach (var storage in storages) options.VirtualStorages.Add(storage);
        return options;
    }

    private static VirtualStorage Storage(string name, int factor, params IEnumerable<string> nodes)
    {
        var storage = new VirtualStorage { Name = name, ReplicationFactor = factor };
        foreach (var node in nodes) storage.Nodes.Add(node);
        return storage;
    }

    [Fact]
    public void Defaults_are_valid()
    {
        Assert.True(new ReadOptionsValidator().Validate(null, new ReadOptions()).Succeeded);
        Assert.True(new PushOptionsValidator().Validate(null, new PushOptions()).Succeeded);
        Assert.True(new VirtualStorageOptionsValidator().Validate(null, Storages(Storage("default", 3))).Succeeded);
    }

    [Fact]
    public void Limits_out_of_range_are_refused_by_name()
    {
        Refused(new ReadOptionsValidator(), new ReadOptions { RequestBytesMax = 0 },
            nameof(ReadOptions.RequestBytesMax));
        Refused(new ReadOptionsValidator(), new ReadOptions { RoutesMax = 0 }, nameof(ReadOptions.RoutesMax));
        Refused(new ReadOptionsValidator(), new ReadOptions { RouteLimit = TimeSpan.Zero },
            nameof(ReadOptions.RouteLimit));
        Refused(new PushOptionsValidator(), new PushOptions { RefsMax = 0 }, nameof(PushOptions.RefsMax));
        Refused(new PushOptionsValidator(), new PushOptions { ConcurrencyMax = 0 }, nameof(PushOptions.ConcurrencyMax));
        // A lease ends after 30 s without a renewal.
        Refused(
            new PushOptionsValidator(), new PushOptions { LeaseRenewal = TimeSpan.FromSeconds(30) },
            nameof(PushOptions.LeaseRenewal));
    }

    [Fact]
    public void Virtual_storages_that_cannot_be_are_refused()
    {
        var validator = new VirtualStorageOptionsValidator();
        Refused(validator, Storages(), "at least one");
        Refused(validator, Storages(Storage("a", 1), Storage("a", 1)), "2 times");
        Refused(validator, Storages(Storage("../a", 1)), "not a name");
        Refused(validator, Storages(Storage("a", 0)), "replicationFactor 0");
        Refused(validator, Storages(Storage("a", 1, "Node!")), "Node!");
        Refused(validator, Storages(Storage("a", 1, "n1", "n1")), "twice");
        Refused(validator, Storages(Storage("a", 3, "n1", "n2")), "lists 2 nodes");
    }
}
