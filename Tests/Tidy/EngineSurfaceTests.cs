using System.Reflection;
using Aedile.Engine.Hosting;

namespace Aedile.Tests.Tidy;

/// <summary>
/// Goal: sources that compile with the bundled engine compile with the official packages too, so the engine may
/// not have a public type or member that they do not have.
/// </summary>
public sealed class EngineSurfaceTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic
        | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Lazy<ReferenceSurface> Reference = new(ReferenceSurface.Load);

    [Fact]
    public void Every_public_type_and_member_of_the_engine_is_in_the_reference_list()
    {
        var strangers = PublicTypes().SelectMany(StrangersOf).ToList();
        Assert.True(strangers.Count == 0, string.Join(Environment.NewLine, strangers));
    }

    [Fact]
    public void Public_types_outside_of_the_reference_namespaces_belong_to_the_engine_itself()
    {
        var strangers = typeof(SiloHost).Assembly.GetExportedTypes()
            .Where(type => !IsReference(type))
            .Where(type => !type.Namespace!.StartsWith("Aedile.Engine", StringComparison.Ordinal));
        Assert.Empty(strangers);
    }

    private static IEnumerable<Type> PublicTypes() => typeof(SiloHost).Assembly.GetExportedTypes().Where(IsReference);

    private static bool IsReference(Type type) =>
        type.Namespace!.StartsWith("Orleans", StringComparison.Ordinal)
        || type.Namespace.StartsWith("Microsoft.Extensions", StringComparison.Ordinal);

    private static IEnumerable<string> StrangersOf(Type type)
    {
        var name = SurfaceText.NameOf(type);
        if (Reference.Value.MembersOf(name) is not { } known) return [$"type {name}"];
        return MembersOf(type).Where(member => !known.Contains(member)).Select(member => $"{name}: {member}");
    }

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsEnum)
            return type.GetEnumNames().Select(name => $"{name} = {Enum.Format(type, Enum.Parse(type, name), "d")}");
        return
        [
            .. type.GetConstructors(Declared).Where(made => IsSeen(made) && !made.IsStatic).Select(SurfaceText.Of),
            .. type.GetFields(Declared).Where(field => field.IsPublic && !field.IsSpecialName).Select(SurfaceText.Of),
            .. type.GetProperties(Declared).Where(property => IsSeen(property.GetMethod)).Select(SurfaceText.Of),
            .. type.GetMethods(Declared).Where(method => IsSeen(method) && !method.IsSpecialName)
                .Select(SurfaceText.Of),
        ];
    }

    private static bool IsSeen(MethodBase? method) =>
        method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };
}
