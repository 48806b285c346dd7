namespace Aedile.Tests.Engine.Filters;

/// <summary>
/// Filters of the tests' own calls alone: those of the official packages see what the silo asks itself, too.
/// </summary>
internal static class OwnCalls
{
    public static ISiloBuilder FilterServed(this ISiloBuilder builder, Func<IIncomingGrainCallContext, Task> filter) =>
        builder.AddIncomingGrainCallFilter(context => IsOwn(context) ? filter(context) : context.Invoke());

    public static ISiloBuilder FilterMade(this ISiloBuilder builder, Func<IOutgoingGrainCallContext, Task> filter) =>
        builder.AddOutgoingGrainCallFilter(context => IsOwn(context) ? filter(context) : context.Invoke());

    public static bool IsOwn(IGrainCallContext call) =>
        call.InterfaceMethod?.DeclaringType?.Assembly == typeof(OwnCalls).Assembly;
}
