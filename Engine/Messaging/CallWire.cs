using Aedile.Engine.Invocation;
using Aedile.Engine.Serialization;
using Microsoft.Extensions.ObjectPool;
using Orleans;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Puts calls and answers into frames, and takes them out again.</summary>
/// <remarks>
/// A request is: header, grain type, key, contract, method, [callers], [context], count of arguments, arguments. What
/// says where it goes stands first, so that a silo that passes it on reads no further.
/// </remarks>
internal sealed class CallWire
{
    private const int KeptWriters = 32;

    private readonly WireLimits _limits;
    private readonly Codecs _codecs;
    private readonly ContextValues _context;
    private readonly IGrainFactory _references;
    private readonly DefaultObjectPool<WireWriter> _writers;

    public CallWire(Codecs codecs, WireLimits limits, IGrainFactory references)
    {
        _codecs = codecs;
        _limits = limits;
        _context = new ContextValues(codecs);
        _references = references;
        _writers = new DefaultObjectPool<WireWriter>(new WriterPolicy(limits), KeptWriters);
    }

    public Codecs Codecs => _codecs;

    /// <summary>Returns a writer with room for a header; hand it back.</summary>
    public WireWriter Begin()
    {
        var writer = _writers.Get();
        writer.Next(FrameHeader.Length);
        return writer;
    }

    public void Return(WireWriter writer) => _writers.Return(writer);

    public WireReader Read(ReadOnlyMemory<byte> frame)
    {
        var reader = new WireReader(frame, _limits, _references);
        reader.Raw(FrameHeader.Length);
        return reader;
    }

    /// <summary>Writes what follows the header of a request.</summary>
    /// <returns>What the header must say of it.</returns>
    /// <exception cref="WireException">An argument is too large, nested too deep, or of a subtype without an
    /// alias.</exception>
    /// <exception cref="InvalidOperationException">A type can't cross the wire.</exception>
    public FrameFlags WriteRequest(WireWriter writer, Call call)
    {
        var flags = call.Method.Definition.IsOneWay ? FrameFlags.OneWay : FrameFlags.None;
        var method = call.Method.Wire ??= new WireMethod(call.Method.Definition, _codecs);
        WriteGrain(writer, call.Target);
        writer.Raw(method.Name.Span);
        if (call.Callers() is { Count: > 0 } callers)
        {
            flags |= FrameFlags.HasCallers;
            writer.Varint((ulong)callers.Count);
            foreach (var caller in callers) WriteGrain(writer, caller);
        }

        if (call.Context is { } context)
        {
            flags |= FrameFlags.HasContext;
            _context.Write(writer, context);
        }

        writer.Varint((ulong)method.Arguments.Length);
        call.WriteArguments(writer, method.Arguments);
        return flags;
    }

    /// <summary>Reads the grain that a request is for; the reader then stands at the name of the method.</summary>
    /// <exception cref="WireException">The bytes name no grain.</exception>
    public static GrainId ReadGrain(WireReader reader)
    {
        var type = reader.Bytes();
        var key = reader.Bytes();
        if (type.IsEmpty || key.IsEmpty) throw new WireException("A grain's type or key is empty.");
        return new GrainId(new GrainType(type.ToArray()), new IdSpan(key.ToArray()));
    }

    /// <summary>Reads the rest of a request, from the name of the method on.</summary>
    /// <param name="reader">Stands behind the grain.</param>
    /// <param name="header">Of the request.</param>
    /// <param name="target">The grain.</param>
    /// <param name="methods">What may be called.</param>
    /// <param name="link">Where the answer goes.</param>
    /// <exception cref="WireException">The method is unknown, or the bytes are no arguments of it.</exception>
    public Call ReadRequest(
        WireReader reader, FrameHeader header, GrainId target, MethodTable methods, PeerLink link)
    {
        var name = reader.Texts(2);
        if (!methods.TryFind(name, out var method))
        {
            var named = new WireReader(name.ToArray(), _limits);
            throw new WireException($"No contract '{named.Text()}' with a method '{named.Text()}' is known here.");
        }

        var callers = header.Flags.HasFlag(FrameFlags.HasCallers) ? ReadCallers(reader) : [];
        var origin = new CallOrigin(link, this, header, callers);
        var call = method.Definition.NewCall.Value(origin);
        var context = header.Flags.HasFlag(FrameFlags.HasContext) ? _context.Read(reader) : null;
        var count = reader.Varint();
        if (count > byte.MaxValue) throw new WireException($"{count} arguments are too many.");
        try
        {
            call.ReadArguments(reader, method.Wire!.Arguments, (int)count);
        }
        catch (Exception error) when (error is OverflowException or FormatException or ArgumentException)
        {
            throw new WireException($"The arguments of {method.Definition.Name} are malformed: {error.Message}");
        }

        call.Address(target, method, null, context);
        return call;
    }

    public void WriteError(WireWriter writer, Exception error) =>
        _codecs.For<Exception>().WriteElement(writer, error);

    /// <exception cref="WireException">The bytes are no error.</exception>
    public Exception ReadError(WireReader reader)
    {
        var error = _codecs.For<Exception>().ReadElement(reader)
            ?? throw new WireException("An answer says that it has an error, and has none.");

        // It has ended its activation where it arose; the caller's must not end too.
        if (error is Orleans.Storage.InconsistentStateException stale) stale.HasEndedItsActivation = true;
        return error;
    }

    private static void WriteGrain(WireWriter writer, GrainId grain)
    {
        writer.Blob(grain.Type.AsSpan());
        writer.Blob(grain.Key.AsSpan());
    }

    private static List<GrainId> ReadCallers(WireReader reader)
    {
        var count = reader.Varint();
        if (count > Call.CallersMax) throw new WireException($"A chain of {count} callers is too long.");
        var callers = new List<GrainId>((int)count);
        while (callers.Count < (int)count) callers.Add(ReadGrain(reader));
        return callers;
    }

    private sealed class WriterPolicy(WireLimits limits) : PooledObjectPolicy<WireWriter>
    {
        public override WireWriter Create() => new(limits);

        public override bool Return(WireWriter obj)
        {
            obj.Reset();
            return true;
        }
    }
}
