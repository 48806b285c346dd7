using System.Linq.Expressions;
using System.Reflection;
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
    /// <param name="call">Its emitted call class.</param>
    public GrainMethod(Type contract, MethodInfo method, string wireName, Type call)
    {
        Contract = contract;
        Definition = method;
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        WireName = wireName;
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        AlwaysInterleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsOneWay = ContractMethods.IsOneWay(method);
        Timeout = (method.GetCustomAttribute<ResponseTimeoutAttribute>()
            ?? method.DeclaringType.GetCustomAttribute<ResponseTimeoutAttribute>())?.Timeout;
        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType).ToList();
        TakesToken = parameters.Contains(typeof(CancellationToken));
        Arguments = [.. parameters.Where(type => type != typeof(CancellationToken))];
        Result = ContractMethods.ResultOf(method, out _);
        NewCall = new Lazy<Func<CallOrigin, Call>>(() => MakerOf(call));
    }

    public Type Contract { get; }

    public MethodInfo Definition { get; }

    /// <summary>For messages: <c>IRepositoryGrain.Fetch</c>.</summary>
    public string Name { get; }

    public string WireName { get; }

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
