using System.Reflection;
using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Aedile.Engine.Serialization;

namespace Aedile.Engine.Client;

/// <summary>What a client takes from its host instead of from the machine, so that it can be simulated.</summary>
internal sealed class ClientSeams
{
    /// <summary>Every clock, timer and timeout. Null: the <see cref="TimeProvider"/> of the services.</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Runs the client's own work. Default: the thread pool.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>How the client reaches gateways. Null: sockets.</summary>
    public INetwork? Network { get; init; }

    /// <summary>Where contracts are looked for. Null: every reachable assembly that refers to the engine.</summary>
    public IReadOnlyList<Assembly>? Parts { get; init; }

    /// <summary>Codecs depend on nothing but types: clients with equal parts may share them. Null: their own.</summary>
    public Codecs? Codecs { get; init; }

    /// <summary>Proxies depend on nothing but their contracts: several clients in one process may share them.</summary>
    public ProxyCompiler Proxies { get; init; } = new();

    /// <summary>Tells this client from every other one. Null: made of machine, process and time.</summary>
    public string? Id { get; init; }

    /// <summary>How long a start may take until the first gateway is there. Default 10 s.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(10);
}
