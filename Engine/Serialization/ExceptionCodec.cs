using System.Runtime.ExceptionServices;
using Orleans.Runtime;

namespace Aedile.Engine.Serialization;

/// <summary>An error: its type, message, stack and cause. Its other members stay behind.</summary>
/// <remarks>A type that the receiver does not know becomes an <see cref="OrleansException"/> that names it.</remarks>
internal sealed class ExceptionCodec<T>(KnownExceptions known, bool withStacks) : Codec<T>
    where T : Exception
{
    private const uint TypeId = 0, MessageId = 1, StackId = 2, CauseId = 3;

    public override bool IsMissing(T value) => value is null;

    public override WireKind KindOf(T value) => WireKind.Object;

    public override void Write(WireWriter writer, T value) => WriteError(writer, value);

    public override T Read(WireReader reader, WireKind kind)
    {
        Expect(WireKind.Object, kind);
        var error = ReadError(reader);
        return error as T ?? throw new WireException($"{error.GetType()} was read where {typeof(T)} is expected.");
    }

    private void WriteError(WireWriter writer, Exception error)
    {
        writer.Enter();
        WriteText(writer, TypeId, error.GetType().FullName!);
        WriteText(writer, MessageId, error.Message);
        if (withStacks && error.StackTrace is { } stack) WriteText(writer, StackId, stack);
        if (error.InnerException is { } cause)
        {
            writer.Key(CauseId, WireKind.Object);
            WriteError(writer, cause);
        }

        writer.Key(0, WireKind.End);
        writer.Leave();
    }

    private static void WriteText(WireWriter writer, uint id, string text)
    {
        writer.Key(id, WireKind.Bytes);
        writer.Text(text);
    }

    private Exception ReadError(WireReader reader)
    {
        reader.Enter();
        string type = "", message = "", stack = "";
        Exception? cause = null;
        while (reader.Key() is var (id, kind) && kind != WireKind.End)
        {
            switch (id, kind)
            {
                case (TypeId, WireKind.Bytes): type = reader.Text(); break;
                case (MessageId, WireKind.Bytes): message = reader.Text(); break;
                case (StackId, WireKind.Bytes): stack = reader.Text(); break;
                case (CauseId, WireKind.Object): cause = ReadError(reader); break;
                default: reader.Skip(kind); break;
            }
        }

        reader.Leave();
        var error = known.Make(type, message, cause);
        return stack.Length == 0 ? error : ExceptionDispatchInfo.SetRemoteStackTrace(error, stack);
    }
}
