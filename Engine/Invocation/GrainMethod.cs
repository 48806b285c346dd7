using System.Linq.Expressions;
using System.Reflection;
using Aedile.Engine.Enumerations;
using Aedile.Engine.Messaging;
using Orleans;
using Orleans.Concurrency;

namespace Aedile.Engine.Invocation;

/// <summary>One method of a contract, as calls carry it.</summary>
internal sealed class GrainMethod
{
    /// <param name="contract">The contract that it is called by, which may have inherited it.</param>
    /// <param name="method">The method.</param>
    /// <param name="wireName">What calls from other processes name it; unique in the contract.</param>
    /// <param name="call">Its call class, emitted unless it only goes on with an enumeration.</param>
    /// <param name="role">What it has to do with an enumeration.</param>
    public GrainMethod(
        Type contract, MethodInfo method, string wireName, Type call, EnumerationRole role = EnumerationRole.None)
    {
        Contract = contract;
        Definition = method;
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        WireName = wireName;
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        Role = role;

        // As in Orleans: an iterator waits between its items, and the grain must go on meanwhile.
        AlwaysInterleaves = role != EnumerationRole.None || method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsOneWay = ContractMethods.IsOneWay(method);
        Timeout = (method.GetCustomAttribute<ResponseTimeoutAttribute>()
            ?? method.DeclaringType.GetCustomAttribute<ResponseTimeoutAttribute>())?.Timeout;
        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType).ToList();
        TakesToken = role is EnumerationRole.Start or EnumerationRole.Next
            || parameters.Contains(typeof(CancellationToken));
        var own = parameters.Where(type => type != typeof(CancellationToken));
        var result = ContractMethods.ResultOf(method, out _);
        Arguments = role switch
        {
            EnumerationRole.None => [.. own],
            EnumerationRole.Start => [typeof(Guid), typeof(int), .. own],
            _ => [typeof(Guid)],
        };
        Result = role switch
        {
            EnumerationRole.None => result,
            EnumerationRole.End => null,
            _ => typeof(Page<>).MakeGenericType(result!),
        };
        NewCall = new Lazy<Func<CallOrigin, Call>>(() => MakerOf(call));
    }

    public Type Contract { get; }

    public MethodInfo Definition { get; }

    /// <summary>For messages: <c>IRepositoryGrain.Fetch</c>.</summary>
    public string Name { get; }

    public string WireName { get; }

    public EnumerationRole Role { get; }

    /// <summary>What goes on with an enumeration that it starts.</summary>
    public (GrainMethod Next, GrainMethod End)? Companions { get; init; }

    public bool IsReadOnly { get; }

    public bool AlwaysInterleaves { get; }

    public bool IsOneWay { get; }

    public bool TakesToken { get; }

    /// <summary>The types of the arguments, the token excepted.</summary>
    public IReadOnlyList<Type> Arguments { get; }

    /// <summary>The type of the answer; null for none.</summary>
    public Type? Result { get; }

    /// <summary>How long callers wait; null: the silo-wide default.</summary>
    public TimeSpan? Timeout { get; }

    /// <summary>Makes a call that came from another process.</summary>
    public Lazy<Func<CallOrigin, Call>> NewCall { get; }

    private static Func<CallOrigin, Call> MakerOf(Type call)
    {
        var origin = Expression.Parameter(typeof(CallOrigin), "origin");
        var made = Expression.MemberInit(
            Expression.New(call), Expression.Bind(typeof(Call).GetProperty(nameof(Call.Origin))!, origin));
        return Expression.Lambda<Func<CallOrigin, Call>>(made, origin).Compile();
    }
}
