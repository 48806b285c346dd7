using System.Collections.Immutable;
using System.Reflection;

namespace Aedile.Dashboard.SignIn;

/// <summary>
/// What a page or a live part of one needs its viewer to be allowed to read; all of it. Checked before it is shown and
/// with each question that it asks. Pages about entities have none: their port asks for the kind's own permission.
/// </summary>
/// <param name="kinds">In the plural, as in <c>nodes</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class NeedsAttribute(params string[] kinds) : Attribute
{
    public ImmutableArray<string> Kinds { get; } = [.. kinds];

    /// <summary>What a component needs; nothing when it doesn't say.</summary>
    public static ImmutableArray<string> Of(Type component) =>
        component.GetCustomAttribute<NeedsAttribute>()?.Kinds ?? [];
}
