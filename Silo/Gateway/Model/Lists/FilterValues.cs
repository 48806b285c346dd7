using System.Globalization;

namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>Which comparisons a member allows, and the values that it can be compared with. Pure.</summary>
internal static class FilterValues
{
    private static readonly string[] TimeFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>The value that a token stands for; null when it is none for this comparison.</summary>
    public static object? Read(EntityMember member, FilterOperator comparison, FilterToken token) => member.Type switch
    {
        MemberType.Text or MemberType.Texts => ReadText(member, comparison, token),
        MemberType.Time when token.Type is FilterTokenType.Text => ParseTime(token.Text),
        MemberType.Number when token.Type is FilterTokenType.Number => ParseNumber(token.Text),
        MemberType.Flag when token.Is("true") => true,
        MemberType.Flag when token.Is("false") => false,
        _ => null,
    };

    /// <summary>A time of ISO 8601; without a zone it is UTC.</summary>
    public static DateTimeOffset? ParseTime(string text) => DateTimeOffset.TryParseExact(
        text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>A number as JSON has them, without an exponent.</summary>
    public static decimal? ParseNumber(string text) => decimal.TryParse(
        text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
        out var number) ? number : null;

    /// <summary>Why a member can't be compared so; null when it can.</summary>
    public static string? CheckOperator(EntityMember member, FilterOperator comparison, bool isNull)
    {
        var isEquality = comparison is FilterOperator.Equal or FilterOperator.NotEqual;
        if (isNull) return isEquality ? null : "null is compared with = or != only.";
        var isAllowed = comparison switch
        {
            FilterOperator.Contains => member.Type is MemberType.Text or MemberType.Texts,
            FilterOperator.StartsWith => member.Type is MemberType.Text,
            _ when isEquality => member.IsSortable,
            _ => member.IsSortable && member.Type is not MemberType.Flag,
        };
        return isAllowed ? null : $"{member.Path} is compared with {DescribeOperators(member)}.";
    }

    /// <summary>What may follow a member.</summary>
    public static string DescribeOperators(EntityMember member) => member.Type switch
    {
        MemberType.Text => "=, !=, <, <=, >, >=, contains, startsWith or in",
        MemberType.Number or MemberType.Time => "=, !=, <, <=, >, >= or in",
        MemberType.Flag => "=, != or in",
        MemberType.Texts => "contains, = null or != null",
        _ => "= null or != null",
    };

    /// <summary>What a member may be compared with.</summary>
    public static string Describe(EntityMember member, FilterOperator comparison) => member.Type switch
    {
        MemberType.Text when !member.Choices.IsEmpty && IsWhole(comparison) =>
            "one of " + string.Join(", ", member.Choices.Select(choice => $"\"{choice}\"")),
        MemberType.Text or MemberType.Texts => "a text in double quotes",
        MemberType.Number => "a number",
        MemberType.Flag => "true or false",
        MemberType.Time => "a time in double quotes, as in \"2030-01-31T12:00:00Z\"",
        _ => "null",
    };

    private static string? ReadText(EntityMember member, FilterOperator comparison, FilterToken token)
    {
        if (token.Type is not FilterTokenType.Text) return null;
        var isPossible = member.Choices.IsEmpty || !IsWhole(comparison) || member.Choices.Contains(token.Text);
        return isPossible ? token.Text : null;
    }

    private static bool IsWhole(FilterOperator comparison) =>
        comparison is FilterOperator.Equal or FilterOperator.NotEqual;
}
