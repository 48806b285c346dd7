using Aedile.Engine.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>
/// Puts filters around the calls that a client makes. They run in the order in which they are added.
/// </summary>
public static class ClientBuilderGrainCallFilterExtensions
{
    /// <inheritdoc cref="IOutgoingGrainCallFilter"/>
    public static IClientBuilder AddOutgoingGrainCallFilter(
        this IClientBuilder builder, IOutgoingGrainCallFilter filter) =>
        builder.ConfigureServices(services => FilterServices.AddOutgoing(services, filter));

    /// <inheritdoc cref="IOutgoingGrainCallFilter"/>
    public static IClientBuilder AddOutgoingGrainCallFilter(
        this IClientBuilder builder, OutgoingGrainCallFilterDelegate filter) =>
        builder.ConfigureServices(services => FilterServices.AddOutgoing(services, filter));

    /// <summary>Adds a filter that is made once, from the client's services.</summary>
    public static IClientBuilder AddOutgoingGrainCallFilter<TImplementation>(this IClientBuilder builder)
        where TImplementation : class, IOutgoingGrainCallFilter =>
        builder.ConfigureServices(services => services.AddSingleton<IOutgoingGrainCallFilter, TImplementation>());
}
