using System.Collections.Immutable;
using Aedile.Engine.Invocation;

namespace Aedile.Tests.Engine;

/// <summary>
/// Goal: a contract whose values could be changed behind somebody's back never gets as far as a call.
/// </summary>
public sealed class ContractRulesTests
{
    public interface IUnannotated : IGrainWithStringKey
    {
        Task Take(Plain value);
    }

    public interface IArray : IGrainWithStringKey
    {
        Task<byte[]> Give();
    }

    public interface ISettable : IGrainWithStringKey
    {
        Task Take(ImmutableArray<Settable> value);
    }

    public interface IUnnamed : IGrainWithStringKey
    {
        Task<Unnamed?> Give();
    }

#pragma warning disable CA1068 // The rule under test says the same.
    public interface IEarlyToken : IGrainWithStringKey
    {
        Task Take(CancellationToken ct, int value);
    }
#pragma warning restore CA1068

    public interface ISynchronous : IGrainWithStringKey
    {
        int Give();
    }

    public interface IFine : IGrainWithStringKey
    {
        Task<WireEverything> Echo(
            WireEverything value, Foreign foreign, WireShape? shape, CancellationToken ct = default);
    }

    [Theory]
    [InlineData(typeof(IUnannotated), "has it [GenerateSerializer]")]
    [InlineData(typeof(IArray), "use ImmutableArray, or ReadOnlyMemory<byte>")]
    [InlineData(typeof(ISettable), "Value can be set after construction")]
    [InlineData(typeof(IUnnamed), "has no [Alias]")]
    [InlineData(typeof(IEarlyToken), "must be the last parameter")]
    [InlineData(typeof(ISynchronous), "must return Task")]
    public void A_contract_that_breaks_a_rule_is_refused_with_the_reason(Type contract, string reason)
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => ContractRules.Check([contract], new HashSet<Type>()));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contract_of_immutable_records_and_converted_types_is_accepted() =>
        ContractRules.Check([typeof(IFine)], new HashSet<Type> { typeof(Foreign) });

    public sealed record Plain(int Value);

    [GenerateSerializer, Alias("rules-settable")]
    public sealed record Settable
    {
        [Id(0)]
        public int Value { get; set; }
    }

    [GenerateSerializer]
    public sealed record Unnamed(int Value);
}
