using System.Reflection;
using System.Runtime.CompilerServices;
using Aedile.Engine.Serialization;

namespace Aedile.Engine.Runtime;

/// <summary>Finds the assemblies that can hold contracts and grains.</summary>
internal static class ApplicationParts
{
    // What an assembly holds never changes, and looking at each of its types takes milliseconds: simulations start
    // thousands of silos in a process.
    private static readonly ConditionalWeakTable<Assembly, IReadOnlyList<Type>> KnownGrainClasses = [];
    private static readonly ConditionalWeakTable<Assembly, IReadOnlyList<Type>> KnownConvertedTypes = [];

    private static readonly string[] Foreign = ["System", "Microsoft.", "mscorlib", "netstandard", "WindowsBase"];

    /// <summary>Returns what is loaded, or reachable from it by reference, and refers to the engine.</summary>
    /// <remarks>
    /// Following references matters: nothing may have touched the assembly of the grain classes yet when a silo
    /// starts. Starting from what is loaded makes it work under a test runner, which is the entry assembly itself.
    /// </remarks>
    public static IReadOnlyList<Assembly> Find()
    {
        var engine = typeof(ApplicationParts).Assembly;
        var found = new SortedDictionary<string, Assembly>(StringComparer.Ordinal);
        var open = new Queue<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(part => !part.IsDynamic));
        if (Assembly.GetEntryAssembly() is { } entry) open.Enqueue(entry);

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryDequeue(out var part))
        {
            if (IsForeign(part.GetName()) || !seen.Add(part.FullName!)) continue;
            var references = part.GetReferencedAssemblies();
            if (references.Any(reference => reference.Name == engine.GetName().Name)) found[part.FullName!] = part;
            foreach (var reference in references)
            {
                if (IsForeign(reference) || seen.Contains(reference.FullName)) continue;
                if (TryLoad(reference) is { } loaded) open.Enqueue(loaded);
            }
        }

        return [.. found.Values];
    }

    /// <summary>
    /// Returns the types of the parts that can be loaded, in an order that does not depend on the machine.
    /// </summary>
    public static IEnumerable<Type> TypesOf(IEnumerable<Assembly> parts) => parts
        .SelectMany(part => part.GetTypes())
        .OrderBy(type => type.FullName, StringComparer.Ordinal);

    /// <summary>Returns the grain classes of the parts, in the order of <see cref="TypesOf"/>.</summary>
    public static IEnumerable<Type> GrainClassesOf(IEnumerable<Assembly> parts) => parts
        .SelectMany(part => KnownGrainClasses.GetValue(
            part, static part => [.. part.GetTypes().Where(GrainManifest.IsGrainClass)]))
        .OrderBy(type => type.FullName, StringComparer.Ordinal);

    /// <summary>Returns the foreign types that the parts register converters of.</summary>
    public static HashSet<Type> ConvertedTypesOf(IEnumerable<Assembly> parts) =>
    [
        .. parts.SelectMany(part => KnownConvertedTypes.GetValue(
            part, static part => [.. Converters.In(part.GetTypes()).Select(found => found.Value)])),
    ];

    private static bool IsForeign(AssemblyName name) =>
        Array.Exists(Foreign, prefix => name.Name!.StartsWith(prefix, StringComparison.Ordinal));

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception error) when (error is FileNotFoundException or FileLoadException or BadImageFormatException)
        {
            return null; // A reference of a foreign library that is not deployed holds no grain of ours.
        }
    }
}
