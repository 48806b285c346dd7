using System.Collections.Immutable;
using Aedile.Engine.Invocation;
using Aedile.Engine.Serialization;

namespace Aedile.Engine.Messaging;

/// <summary>How the request context crosses the wire: only values of simple types do.</summary>
internal sealed class ContextValues(Codecs codecs)
{
    // The position is the number on the wire: add at the end only.
    private static readonly Type[] Types =
    [
        typeof(string), typeof(bool), typeof(int), typeof(long), typeof(double), typeof(Guid), typeof(DateTimeOffset),
        typeof(TimeSpan), typeof(ReadOnlyMemory<byte>), typeof(uint), typeof(ulong), typeof(decimal), typeof(Uri),
    ];

    /// <exception cref="WireException">A value is of another type.</exception>
    public void Write(WireWriter writer, CallContext context)
    {
        Span<byte> id = stackalloc byte[16];
        context.ReentrancyId.TryWriteBytes(id);
        writer.Raw(id);
        writer.Varint((ulong)context.Values.Count);
        foreach (var (key, value) in context.Values)
        {
            var number = Array.IndexOf(Types, value.GetType());
            if (number < 0)
            {
                throw new WireException(
                    $"The request context's '{key}' is a {value.GetType()}, which can't leave the process: use a text, "
                    + "a number, a time, a Guid or bytes.");
            }

            writer.Text(key);
            writer.Varint((ulong)number);
            WriterOf(value)(writer);
        }
    }

    public CallContext? Read(WireReader reader)
    {
        var id = new Guid(reader.Raw(16));
        var values = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        for (var left = reader.Length(); left > 0; left--)
        {
            var key = reader.Text();
            values[key] = ReadValue(reader, reader.Varint());
        }

        return CallContext.Of(id, values.ToImmutable());
    }

    private Action<WireWriter> WriterOf(object value) => value switch
    {
        string text => writer => codecs.For<string>().WriteElement(writer, text),
        bool flag => writer => codecs.For<bool>().WriteElement(writer, flag),
        int number => writer => codecs.For<int>().WriteElement(writer, number),
        long number => writer => codecs.For<long>().WriteElement(writer, number),
        double number => writer => codecs.For<double>().WriteElement(writer, number),
        Guid id => writer => codecs.For<Guid>().WriteElement(writer, id),
        DateTimeOffset time => writer => codecs.For<DateTimeOffset>().WriteElement(writer, time),
        TimeSpan span => writer => codecs.For<TimeSpan>().WriteElement(writer, span),
        ReadOnlyMemory<byte> bytes => writer => codecs.For<ReadOnlyMemory<byte>>().WriteElement(writer, bytes),
        uint number => writer => codecs.For<uint>().WriteElement(writer, number),
        ulong number => writer => codecs.For<ulong>().WriteElement(writer, number),
        decimal number => writer => codecs.For<decimal>().WriteElement(writer, number),
        _ => writer => codecs.For<Uri>().WriteElement(writer, (Uri)value),
    };

    private object ReadValue(WireReader reader, ulong type) => type switch
    {
        0 => codecs.For<string>().ReadElement(reader) ?? "",
        1 => codecs.For<bool>().ReadElement(reader),
        2 => codecs.For<int>().ReadElement(reader),
        3 => codecs.For<long>().ReadElement(reader),
        4 => codecs.For<double>().ReadElement(reader),
        5 => codecs.For<Guid>().ReadElement(reader),
        6 => codecs.For<DateTimeOffset>().ReadElement(reader),
        7 => codecs.For<TimeSpan>().ReadElement(reader),
        8 => codecs.For<ReadOnlyMemory<byte>>().ReadElement(reader),
        9 => codecs.For<uint>().ReadElement(reader),
        10 => codecs.For<ulong>().ReadElement(reader),
        11 => codecs.For<decimal>().ReadElement(reader),
        12 => codecs.For<Uri>().ReadElement(reader)
            ?? throw new WireException("An address in the request context is empty."),
        _ => throw new WireException($"{type} is no type of a value in the request context."),
    };
}
