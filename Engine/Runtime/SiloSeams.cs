using System.Data.Common;
using System.Reflection;
using Aedile.Engine.Invocation;
using Aedile.Engine.Messaging;
using Aedile.Engine.Serialization;

namespace Aedile.Engine.Runtime;

/// <summary>
/// What a silo takes from its host instead of from the machine, so that a whole fleet can be simulated.
/// </summary>
internal sealed class SiloSeams
{
    /// <summary>
    /// Every clock, timer and timeout of the silo. Null: the <see cref="TimeProvider"/> of the services.
    /// </summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>Runs turns and the silo's own work. Default: the thread pool.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Makes the transport that carries calls. Default: straight into the silo's own catalog.</summary>
    public Func<Silo, ITransport> Transport { get; init; } = static silo => new LocalTransport(silo.Catalog);

    /// <summary>How the silo reaches other processes. Null: sockets.</summary>
    public INetwork? Network { get; init; }

    /// <summary>Opens databases: by invariant name and connection string.</summary>
    public Func<string, string, DbDataSource> Databases { get; init; } = static (invariant, connectionString) =>
        DbProviderFactories.GetFactory(invariant).CreateDataSource(connectionString);

    /// <summary>Where grain classes are looked for. Null: every reachable assembly that refers to the engine.</summary>
    public IReadOnlyList<Assembly>? Parts { get; init; }

    /// <summary>Proxies depend on nothing but their contracts: several silos in one process may share them.</summary>
    public ProxyCompiler Proxies { get; init; } = new();

    /// <summary>
    /// Codecs depend on nothing but the types of the parts and the engine: silos with equal parts may share them. Null:
    /// the silo makes its own.
    /// </summary>
    public Codecs? Codecs { get; init; }

    /// <summary>
    /// Hears, with the reason, that the silo was declared dead and has ended. Null: the process ends.
    /// </summary>
    public Action<string>? MustEnd { get; init; }

    /// <summary>Tells this silo from every other one ever started; ids that it makes up start with it.</summary>
    public long Generation { get; init; }
}
