using System.Collections.Immutable;
using Aedile.Engine.Serialization;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Engine;

/// <summary>Goal: what was written is read again, by older and newer versions too, and no bytes can do harm.</summary>
public sealed class WireSerializerTests
{
    private static readonly Type[] Types =
    [
        .. typeof(WireEverything).Assembly.GetTypes()
            .Where(type => type.Name.StartsWith("Wire", StringComparison.Ordinal)),
        typeof(ForeignSurrogate), typeof(ForeignConverter),
    ];

    private static readonly Gen<WireShape> Shapes = Gen.Sized(ShapeOf);

    private readonly WireSerializer _wire = new(new Codecs(Types), WireLimits.Default);

    [Fact]
    public void Every_value_is_read_as_it_was_written() =>
        Prop.ForAll(Everything().ToArbitrary(), value =>
        {
            var read = Copy(value);
            return Flat(read) == Flat(value)
                && read.Names.SequenceEqual(value.Names)
                && read.Counts.OrderBy(pair => pair.Key).SequenceEqual(value.Counts.OrderBy(pair => pair.Key))
                && read.Bytes.Span.SequenceEqual(value.Bytes.Span)
                && $"{Text(read.Shape)}" == $"{Text(value.Shape)}";
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_older_reader_passes_over_members_that_it_does_not_know() =>
        Prop.ForAll(
            Newer().ToArbitrary(),
            value => As<WireNew, WireOld>(value) == new WireOld(value.First, value.Second)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_newer_reader_finds_defaults_and_empty_collections_where_an_older_writer_wrote_nothing() =>
        Prop.ForAll(ArbMap.Default.GeneratorFor<int>().ToArbitrary(), first =>
        {
            var read = As<WireOld, WireNew>(new WireOld(first, "second"));
            return read is { Second: "second", Third: { IsDefault: false, IsEmpty: true }, Fourth: null, Fifth: 0 }
                && read.First == first;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Changed_or_cut_bytes_are_refused_or_read_as_another_value_but_never_do_anything_else() =>
        Prop.ForAll(
            Everything().ToArbitrary(), ArbMap.Default.GeneratorFor<int>().ToArbitrary(), (value, at) =>
        {
            var bytes = _wire.Serialize(value).ToArray();
            var index = (int)((uint)at % bytes.Length);
            bytes[index] ^= (byte)(1 << (at & 7));
            return ReadsOrRefuses(bytes) && ReadsOrRefuses(bytes[..index]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nesting_beyond_the_limit_is_refused_by_writer_and_reader()
    {
        var deep = Enumerable.Range(0, 100).Aggregate((WireNode?)null, (next, i) => new WireNode(i, next))!;
        Assert.Throws<WireException>(() => _wire.Serialize(deep));
        var generous = new WireSerializer(new Codecs(Types), new WireLimits(1_000_000, 200));
        Assert.Throws<WireException>(() => _wire.Deserialize<WireNode>(generous.Serialize(deep)));
    }

    [Fact]
    public void A_message_beyond_the_size_limit_is_refused_with_its_limit()
    {
        var small = new WireSerializer(new Codecs(Types), new WireLimits(1_000, 64));
        var error = Assert.Throws<WireException>(() => small.Serialize(new string('x', 2_000)));
        Assert.Contains("1,000 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_alias_that_names_no_known_subtype_is_refused()
    {
        var bytes = _wire.Serialize<WireShape>(new WireCircle("c", 1)).ToArray();
        var at = bytes.AsSpan().IndexOf("wire-circle"u8);
        "wire-cirque"u8.CopyTo(bytes.AsSpan(at));
        Assert.Throws<WireException>(() => _wire.Deserialize<WireShape>(bytes));
    }

    [Fact]
    public void Errors_keep_type_message_stack_and_cause_and_unknown_ones_are_named()
    {
        var known = Copy<Exception>(Thrown(new InvalidOperationException("outer", new IOException("inner"))));
        Assert.IsType<InvalidOperationException>(known);
        Assert.Equal(("outer", "inner"), (known.Message, Assert.IsType<IOException>(known.InnerException).Message));
        Assert.Contains(nameof(Thrown), known.StackTrace, StringComparison.Ordinal);

        var unknown = Assert.IsType<OrleansException>(Copy<Exception>(new StrangeException("odd")));
        Assert.Contains($"{typeof(StrangeException)}: odd", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_record_is_small()
    {
        Assert.InRange(_wire.Serialize(new WirePoint(1, -2)).Length, 1, 6);
        Assert.InRange(_wire.Serialize(new WireOld(0, null)).Length, 1, 2);
    }

    private static Gen<WireEverything> Everything()
    {
        var map = ArbMap.Default;
        return from numbers in map.GeneratorFor<(bool, byte, short, int, long, ulong, float, double, decimal)>()
               from letter in map.GeneratorFor<char>()
               from text in map.GeneratorFor<string?>().Where(IsUnicode)
               from id in map.GeneratorFor<Guid>()
               from span in map.GeneratorFor<TimeSpan>()
               from at in map.GeneratorFor<DateTimeOffset>()
               from colour in Gen.Elements(WireColour.Unknown, WireColour.Red, WireColour.Last, (WireColour)77)
               from maybe in map.GeneratorFor<int?>()
               from names in map.GeneratorFor<string[]>()
                   .Where(all => all.All(name => name is not null && IsUnicode(name)))
               from bytes in map.GeneratorFor<byte[]>()
               from shape in Shapes
               select new WireEverything(
                   numbers.Item1, numbers.Item2, numbers.Item3, numbers.Item4, numbers.Item5, numbers.Item6,
                   numbers.Item7, numbers.Item8, numbers.Item9, letter, text, id, span, at, colour, maybe)
               {
                   Names = [.. names],
                   Counts = names.Distinct().ToImmutableDictionary(name => name, name => name.Length),
                   Bytes = bytes,
                   Shape = shape,
                   Point = new WirePoint(numbers.Item4, numbers.Item3),
                   Foreign = new Foreign(text),
                   Node = new WireNode(1, new WireNode(2, null)),
               };
    }

    private static Gen<WireNew> Newer() =>
        from value in Everything()
        select new WireNew(value.Number, value.Text, [value.Shape!], value.Node, value.Real);

    private static Gen<WireShape> ShapeOf(int size)
    {
        var circle = ArbMap.Default.GeneratorFor<double>()
            .Select(WireShape (radius) => new WireCircle("circle", radius));
        if (size < 2) return circle;
        var group = ShapeOf(size / 2).ArrayOf(2).Select(WireShape (parts) => new WireGroup("group", [.. parts]));
        return Gen.OneOf(circle, group);
    }

    // Half a surrogate pair has no form in UTF-8.
    private static bool IsUnicode(string? text) =>
        text is null || text.EnumerateRunes().All(rune => rune.Value != 0xFFFD);

    private static WireEverything Flat(WireEverything value) => value with
    {
        Names = [], Counts = ImmutableDictionary<string, int>.Empty, Bytes = default, Shape = null,
    };

    private static string? Text(WireShape? shape) => shape is WireGroup group
        ? $"{group.Name}({string.Join(' ', group.Parts.Select(Text))})"
        : shape?.ToString();

    private static Exception Thrown(Exception error)
    {
        try
        {
            throw error;
        }
        catch (Exception caught)
        {
            return caught;
        }
    }

    private T Copy<T>(T value) => _wire.Deserialize<T>(_wire.Serialize(value));

    private TTo As<TFrom, TTo>(TFrom value) => _wire.Deserialize<TTo>(_wire.Serialize(value));

    private bool ReadsOrRefuses(byte[] bytes)
    {
        try
        {
            _wire.Deserialize<WireEverything>(bytes);
        }
        catch (WireException)
        {
            // Refused, as it should be.
        }

        return true;
    }

    private sealed class StrangeException(string message) : Exception(message);
}
