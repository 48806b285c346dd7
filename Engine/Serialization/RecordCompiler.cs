using System.Linq.Expressions;
using System.Reflection;

namespace Aedile.Engine.Serialization;

/// <summary>Compiles how a type's members are written and read.</summary>
internal static class RecordCompiler
{
    private static readonly MethodInfo Skip = typeof(WireReader).GetMethod(nameof(WireReader.Skip))!;
    private static readonly MethodInfo Key = typeof(WireReader).GetMethod(nameof(WireReader.Key))!;

    /// <summary>Returns code that writes each member that is not missing, in the order of the numbers.</summary>
    public static Action<WireWriter, T> Writer<T>(IReadOnlyList<WireMember> members, Func<Type, object> codecs)
    {
        var writer = Expression.Parameter(typeof(WireWriter), "writer");
        var value = Expression.Parameter(typeof(T), "value");
        var writes = members.Select(member => (Expression)Expression.Call(
            CodecOf(member, codecs), "WriteMember", null,
            writer, Expression.Constant(member.Id), Expression.MakeMemberAccess(value, member.Source)));
        return Expression.Lambda<Action<WireWriter, T>>(
            Expression.Block([.. writes, Expression.Empty()]), writer, value).Compile();
    }

    /// <summary>Returns code that reads members in any order, skips unknown ones, and makes the value.</summary>
    public static Func<WireReader, T> Reader<T>(IReadOnlyList<WireMember> members, Func<Type, object> codecs)
    {
        var reader = Expression.Parameter(typeof(WireReader), "reader");
        var key = Expression.Variable(Key.ReturnType, "key");
        var locals = members.Select(member => Expression.Variable(member.Type, member.Source.Name)).ToList();
        var id = Expression.Field(key, "Item1");
        var kind = Expression.Field(key, "Item2");

        var reads = members.Select((member, i) => Expression.SwitchCase(
            Expression.Block(
                typeof(void),
                Expression.Assign(locals[i], Expression.Call(CodecOf(member, codecs), "Read", null, reader, kind))),
            Expression.Constant(member.Id))).ToArray();
        Expression skip = Expression.Call(reader, Skip, kind);
        var one = reads.Length == 0 ? skip : Expression.Switch(typeof(void), id, skip, null, reads);

        var done = Expression.Label();
        var loop = Expression.Loop(
            Expression.Block(
                Expression.Assign(key, Expression.Call(reader, Key)),
                Expression.IfThen(
                    Expression.Equal(Expression.Convert(kind, typeof(byte)), Expression.Constant((byte)WireKind.End)),
                    Expression.Break(done)),
                one),
            done);
        var preset = members.Select((member, i) =>
            (Expression)Expression.Assign(locals[i], Expression.Property(CodecOf(member, codecs), "Missing")));
        return Expression.Lambda<Func<WireReader, T>>(
            Expression.Block([key, .. locals], [.. preset, loop, Make(typeof(T), members, locals)]), reader).Compile();
    }

    private static ConstantExpression CodecOf(WireMember member, Func<Type, object> codecs) =>
        Expression.Constant(codecs(member.Type), typeof(Codec<>).MakeGenericType(member.Type));

    private static BlockExpression Make(Type type, IReadOnlyList<WireMember> members, List<ParameterExpression> locals)
    {
        var constructor = WireMembers.ConstructorOf(type);
        if (constructor is null && !type.IsValueType)
            throw new InvalidOperationException($"{type} has no constructor whose parameters are all members.");

        var arguments = (constructor?.GetParameters() ?? []).Select(parameter =>
        {
            var at = members.ToList().FindIndex(member => member.Parameter == parameter);
            return at >= 0 ? (Expression)locals[at] : Expression.Default(parameter.ParameterType);
        });
        var made = constructor is null ? Expression.New(type) : Expression.New(constructor, arguments);
        var value = Expression.Variable(type, "value");
        var sets = members.Select((member, i) => (member, i)).Where(pair => pair.member.Parameter is null)
            .Select(pair => (Expression)Expression.Assign(Settable(value, pair.member), locals[pair.i]));
        return Expression.Block(type, [value], [Expression.Assign(value, made), .. sets, value]);
    }

    private static MemberExpression Settable(ParameterExpression value, WireMember member)
    {
        if (member.Source is PropertyInfo { CanWrite: false } or FieldInfo { IsInitOnly: true })
        {
            var name = $"{member.Source.DeclaringType}.{member.Source.Name}";
            throw new InvalidOperationException($"{name} has a number but can't be set: make it init-only.");
        }

        return Expression.MakeMemberAccess(value, member.Source);
    }
}
