using System.Collections.Immutable;
using System.Reflection;
using Aedile.Grains.Interfaces.Repositories;

namespace Aedile.Tests.Tidy;

/// <summary>
/// Goal: what crosses the wire changes only on purpose. Members are added at the end; none is removed, moved, renamed
/// or given another type, since an old silo and a new one talk to each other during every update.
/// </summary>
public sealed class ContractTests
{
    private const string ListPath = "Tests/Tidy/Contracts.txt";
    private const string Update = "AEDILE_UPDATE=contracts";

    [Fact]
    public void Contracts_are_those_of_the_checked_in_list()
    {
        var path = Path.Combine(SourceTree.Root, ListPath);
        var now = string.Join('\n', Contracts().SelectMany(Describe)) + '\n';
        if (Environment.GetEnvironmentVariable("AEDILE_UPDATE") == "contracts") File.WriteAllText(path, now);
        var then = File.Exists(path) ? File.ReadAllText(path) : "";
        if (now == then) return;

        var (before, after) = (then.Split('\n'), now.Split('\n'));
        var first = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.Fail(
            $"The contracts differ from {ListPath}, first in line {first + 1}:\n"
            + $"  listed: {before.ElementAtOrDefault(first)}\n  now:    {after.ElementAtOrDefault(first)}\n"
            + $"If that is meant, run `{Update} ./test tidy` and look at the difference before you commit it.");
    }

    [Fact]
    public void No_two_contracts_have_the_same_alias() =>
        SourceTree.MustBeEmpty(
            from same in Contracts().GroupBy(type => Alias(type))
            where same.Count() > 1
            select $"{same.Key}: {string.Join(", ", same)}");

    private static ImmutableArray<Type> Contracts() =>
    [
        .. new[] { typeof(IRepositoryGrain).Assembly, typeof(Aedile.Grains.Repositories.IStorageNodes).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => Alias(type) is not null)
            .OrderBy(Alias, StringComparer.Ordinal),
    ];

    private static IEnumerable<string> Describe(Type type) =>
        type.IsInterface ? [$"interface {Alias(type)}", .. Methods(type)]
        : type.IsEnum ? [$"enum {Alias(type)}", .. Enum.GetNames(type).Select(name => $"  {Number(type, name)} {name}")]
        : [$"record {Alias(type)}", .. Members(type)];

    private static IEnumerable<string> Methods(Type type) =>
        from method in type.GetMethods()
        orderby Alias(method), method.Name
        let parameters = method.GetParameters().Select(p => NameOf(p.ParameterType))
        select $"  {Alias(method) ?? method.Name}({string.Join(", ", parameters)}) {NameOf(method.ReturnType)}";

    private static IEnumerable<string> Members(Type type)
    {
        var positional = type.GetConstructors()
            .OrderByDescending(constructor => constructor.GetParameters().Length)
            .FirstOrDefault()?.GetParameters().Select(p => p.Name).ToImmutableArray() ?? [];
        return
            from property in type.GetProperties()
            where property.Name != "EqualityContract"
            let number = Id(property) ?? positional.IndexOf(property.Name)
            where number >= 0
            orderby number
            select $"  {number} {property.Name} {NameOf(property.PropertyType)}";
    }

    private static string NameOf(Type type) =>
        Nullable.GetUnderlyingType(type) is { } inner ? NameOf(inner) + "?"
        : type.IsGenericType
            ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : Alias(type) ?? type.Name;

    private static long Number(Type type, string name) =>
        Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture);

    // By name, so that it works with either engine's attributes.
    private static string? Alias(MemberInfo member) =>
        Argument(member, "AliasAttribute") as string;

    private static int? Id(PropertyInfo property) =>
        Argument(property, "IdAttribute") is { } id
            ? Convert.ToInt32(id, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    private static object? Argument(MemberInfo member, string attribute) =>
        member.CustomAttributes.FirstOrDefault(data => data.AttributeType.Name == attribute)
            ?.ConstructorArguments[0].Value;
}
