using System.Collections.Immutable;

namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>
/// Reads a filter: comparisons of members with values, joined by <c>and</c>, <c>or</c>, <c>not</c> and parentheses, as
/// in <c>name contains "x" and tags.zone = "a"</c>. <c>and</c> binds closer than <c>or</c>. Total: whatever the text,
/// it ends after as many steps as the text has characters, with an expression or with what was expected where.
/// </summary>
internal sealed class FilterParser
{
    /// <summary>Most characters of a filter.</summary>
    public const int LengthMax = 4_096;

    /// <summary>Most parentheses and <c>not</c> within each other.</summary>
    public const int DepthMax = 32;

    /// <summary>Most comparisons; each is made for every entity that is looked at.</summary>
    public const int ComparisonsMax = 32;

    /// <summary>Most values in a list.</summary>
    public const int ValuesMax = 256;

    private readonly EntityMembers _members;
    private readonly FilterLexer _lexer;
    private FilterToken _token;
    private QueryFault? _fault;
    private int _depth;
    private int _comparisons;

    private FilterParser(string text, EntityMembers members)
    {
        _members = members;
        _lexer = new FilterLexer(text);
        Step();
    }

    /// <summary>Reads a filter for the entities of a kind.</summary>
    /// <returns>The filter, or the first thing that is wrong with it.</returns>
    public static (FilterExpression? Filter, QueryFault? Fault) Parse(string text, EntityMembers members)
    {
        if (text.Length > LengthMax)
            return (null, new QueryFault(LengthMax + 1, $"a filter has {LengthMax} characters at most."));
        var parser = new FilterParser(text, members);
        var filter = parser.ParseEither();
        if (filter is not null && parser._token.Type is not FilterTokenType.End)
            filter = parser.Expect("'and', 'or' or the end");
        return (filter, parser._fault);
    }

    private void Step() => _token = _lexer.Next();

    private FilterExpression? ParseEither()
    {
        var left = ParseBoth();
        while (left is not null && _token.Is("or"))
        {
            Step();
            left = ParseBoth() is { } right ? new FilterExpression.Either(left, right) : null;
        }

        return left;
    }

    private FilterExpression? ParseBoth()
    {
        var left = ParseOne();
        while (left is not null && _token.Is("and"))
        {
            Step();
            left = ParseOne() is { } right ? new FilterExpression.Both(left, right) : null;
        }

        return left;
    }

    private FilterExpression? ParseOne()
    {
        if (!_token.Is("not") && !_token.Is("(")) return ParseComparison();
        if (++_depth > DepthMax) return Refuse(_token.Column, $"not more than {DepthMax} levels are possible.");
        var isNot = _token.Is("not");
        Step();
        var inner = isNot ? ParseOne() : ParseEither();
        _depth--;
        if (inner is null) return null;
        if (isNot) return new FilterExpression.Not(inner);
        if (!_token.Is(")")) return Expect("'and', 'or' or ')'");
        Step();
        return inner;
    }

    private FilterExpression? ParseComparison()
    {
        if (++_comparisons > ComparisonsMax)
            return Refuse(_token.Column, $"not more than {ComparisonsMax} comparisons are possible.");
        if (ParseMember() is not { } member) return null;
        var sign = _token;
        if (sign.Is("in")) return ParseList(member);
        if (OperatorOf(sign) is not { } comparison) return Expect(FilterValues.DescribeOperators(member));
        Step();
        var value = _token;
        if (value.Type is FilterTokenType.Unknown) return Expect("");
        if (FilterValues.CheckOperator(member, comparison, value.Is("null")) is { } detail)
            return Refuse(sign.Column, detail);
        if (value.Is("null"))
        {
            Step();
            return new FilterExpression.Comparison(member, comparison, null);
        }

        if (FilterValues.Read(member, comparison, value) is not { } read)
            return Expect(FilterValues.Describe(member, comparison));
        Step();
        return new FilterExpression.Comparison(member, comparison, read);
    }

    private FilterExpression? ParseList(EntityMember member)
    {
        if (!member.IsSortable) return Expect(FilterValues.DescribeOperators(member));
        Step();
        if (!_token.Is("[")) return Expect("'['");
        var values = ImmutableHashSet.CreateBuilder<object>();
        for (var count = 1; ; count++)
        {
            Step();
            if (count > ValuesMax) return Refuse(_token.Column, $"not more than {ValuesMax} values are possible.");
            if (FilterValues.Read(member, FilterOperator.Equal, _token) is not { } value)
                return Expect(FilterValues.Describe(member, FilterOperator.Equal));
            values.Add(value);
            Step();
            if (_token.Is("]")) break;
            if (!_token.Is(",")) return Expect("',' or ']'");
        }

        Step();
        return new FilterExpression.OneOf(member, values.ToImmutable());
    }

    // After a dot any word is a name, and so is a text: tags have names of all sorts.
    private EntityMember? ParseMember()
    {
        var start = _token;
        if (start.Type is not FilterTokenType.Word || start.Text is "and" or "or" or "in" or "null")
        {
            Expect("a member of the entity, 'not' or '('");
            return null;
        }

        var path = start.Text;
        Step();
        while (_token.Is("."))
        {
            Step();
            if (_token.Type is not (FilterTokenType.Word or FilterTokenType.Text or FilterTokenType.Number))
            {
                Expect("the name of a member");
                return null;
            }

            path += "." + _token.Text;
            Step();
        }

        if (_members.Find(path) is { } member) return member;
        Refuse(start.Column, _members.DescribeMissing(path));
        return null;
    }

    private FilterExpression? Expect(string expected) => Refuse(
        _token.Column, _token.Type is FilterTokenType.Unknown
            ? _token.Text
            : $"{expected} was expected, not {_token.Describe()}.");

    private FilterExpression? Refuse(int column, string detail)
    {
        _fault ??= new QueryFault(column, detail);
        return null;
    }

    private static FilterOperator? OperatorOf(FilterToken token) => token switch
    {
        { Type: FilterTokenType.Sign, Text: "=" } => FilterOperator.Equal,
        { Type: FilterTokenType.Sign, Text: "!=" } => FilterOperator.NotEqual,
        { Type: FilterTokenType.Sign, Text: "<" } => FilterOperator.Less,
        { Type: FilterTokenType.Sign, Text: "<=" } => FilterOperator.LessOrEqual,
        { Type: FilterTokenType.Sign, Text: ">" } => FilterOperator.Greater,
        { Type: FilterTokenType.Sign, Text: ">=" } => FilterOperator.GreaterOrEqual,
        { Type: FilterTokenType.Word, Text: "contains" } => FilterOperator.Contains,
        { Type: FilterTokenType.Word, Text: "startsWith" } => FilterOperator.StartsWith,
        _ => null,
    };
}
