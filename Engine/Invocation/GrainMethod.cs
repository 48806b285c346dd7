using System.Reflection;
using Orleans;
using Orleans.Concurrency;

namespace Aedile.Engine.Invocation;

/// <summary>One method of a contract, as calls carry it.</summary>
internal sealed class GrainMethod
{
    public GrainMethod(MethodInfo method)
    {
        Definition = method;
        Name = $"{method.DeclaringType!.Name}.{method.Name}";
        WireName = method.GetCustomAttribute<AliasAttribute>()?.Alias ?? method.Name;
        IsReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        AlwaysInterleaves = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        IsOneWay = method.IsDefined(typeof(OneWayAttribute));
        Timeout = (method.GetCustomAttribute<ResponseTimeoutAttribute>()
            ?? method.DeclaringType.GetCustomAttribute<ResponseTimeoutAttribute>())?.Timeout;
    }

    public MethodInfo Definition { get; }

    /// <summary>For messages: <c>IRepositoryGrain.Fetch</c>.</summary>
    public string Name { get; }

    public string WireName { get; }

    public bool IsReadOnly { get; }

    public bool AlwaysInterleaves { get; }

    public bool IsOneWay { get; }

    /// <summary>How long callers wait; null: the silo-wide default.</summary>
    public TimeSpan? Timeout { get; }
}
