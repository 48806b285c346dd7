using Aedile.Engine.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>
/// Puts filters around the calls of a silo's grains, and around those that its grains and host make. They run in the
/// order in which they are added.
/// </summary>
public static class GrainCallFilterSiloBuilderExtensions
{
    /// <inheritdoc cref="IIncomingGrainCallFilter"/>
    public static ISiloBuilder AddIncomingGrainCallFilter(this ISiloBuilder builder, IIncomingGrainCallFilter filter) =>
        builder.ConfigureServices(services => FilterServices.AddIncoming(services, filter));

    /// <inheritdoc cref="IIncomingGrainCallFilter"/>
    public static ISiloBuilder AddIncomingGrainCallFilter(
        this ISiloBuilder builder, IncomingGrainCallFilterDelegate filter) =>
        builder.ConfigureServices(services => FilterServices.AddIncoming(services, filter));

    /// <summary>Adds a filter that is made once, from the silo's services.</summary>
    public static ISiloBuilder AddIncomingGrainCallFilter<TImplementation>(this ISiloBuilder builder)
        where TImplementation : class, IIncomingGrainCallFilter =>
        builder.ConfigureServices(services => services.AddSingleton<IIncomingGrainCallFilter, TImplementation>());

    /// <inheritdoc cref="IOutgoingGrainCallFilter"/>
    public static ISiloBuilder AddOutgoingGrainCallFilter(this ISiloBuilder builder, IOutgoingGrainCallFilter filter) =>
        builder.ConfigureServices(services => FilterServices.AddOutgoing(services, filter));

    /// <inheritdoc cref="IOutgoingGrainCallFilter"/>
    public static ISiloBuilder AddOutgoingGrainCallFilter(
        this ISiloBuilder builder, OutgoingGrainCallFilterDelegate filter) =>
        builder.ConfigureServices(services => FilterServices.AddOutgoing(services, filter));

    /// <summary>Adds a filter that is made once, from the silo's services.</summary>
    public static ISiloBuilder AddOutgoingGrainCallFilter<TImplementation>(this ISiloBuilder builder)
        where TImplementation : class, IOutgoingGrainCallFilter =>
        builder.ConfigureServices(services => services.AddSingleton<IOutgoingGrainCallFilter, TImplementation>());
}
