using System.Collections.Immutable;
using Aedile.Client.Model;

namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>How a member is compared with a value.</summary>
internal enum FilterOperator
{
    /// <summary>Never used.</summary>
    Unknown,

    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>!=</c>: whatever is not equal, so also an entity that has no value.</summary>
    NotEqual,

    /// <summary><c>&lt;</c></summary>
    Less,

    /// <summary><c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary><c>&gt;</c></summary>
    Greater,

    /// <summary><c>&gt;=</c></summary>
    GreaterOrEqual,

    /// <summary><c>contains</c>: a text has this part, a list this item.</summary>
    Contains,

    /// <summary><c>startsWith</c>.</summary>
    StartsWith,
}

/// <summary>
/// A filter that was understood: it knows where the members are and has values of their types, so deciding can't fail.
/// Immutable. Cost: some ten nanoseconds a comparison, <see cref="FilterParser.ComparisonsMax"/> at most; a list's
/// <c>contains</c> looks at its items.
/// </summary>
internal abstract record FilterExpression
{
    private FilterExpression()
    {
    }

    /// <summary>Whether an entity of the kind that the filter was made for is meant.</summary>
    public abstract bool Matches(Entity entity);

    /// <summary><c>and</c></summary>
    public sealed record Both(FilterExpression Left, FilterExpression Right) : FilterExpression
    {
        /// <inheritdoc/>
        public override bool Matches(Entity entity) => Left.Matches(entity) && Right.Matches(entity);
    }

    /// <summary><c>or</c></summary>
    public sealed record Either(FilterExpression Left, FilterExpression Right) : FilterExpression
    {
        /// <inheritdoc/>
        public override bool Matches(Entity entity) => Left.Matches(entity) || Right.Matches(entity);
    }

    /// <summary><c>not</c></summary>
    public sealed record Not(FilterExpression Inner) : FilterExpression
    {
        /// <inheritdoc/>
        public override bool Matches(Entity entity) => !Inner.Matches(entity);
    }

    /// <summary><c>name = "x"</c>, with a value of the member's type; null stands for no value.</summary>
    public sealed record Comparison(EntityMember Member, FilterOperator Operator, object? Value) : FilterExpression
    {
        /// <inheritdoc/>
        public override bool Matches(Entity entity)
        {
            var value = Member.Read(entity);
            return Operator switch
            {
                FilterOperator.Equal => Equals(value, Value),
                FilterOperator.NotEqual => !Equals(value, Value),
                _ when value is null => false,
                FilterOperator.Less => EntityMember.Compare(value, Value) < 0,
                FilterOperator.LessOrEqual => EntityMember.Compare(value, Value) <= 0,
                FilterOperator.Greater => EntityMember.Compare(value, Value) > 0,
                FilterOperator.GreaterOrEqual => EntityMember.Compare(value, Value) >= 0,
                FilterOperator.Contains when value is string text =>
                    text.Contains((string)Value!, StringComparison.Ordinal),
                FilterOperator.Contains => ((IEnumerable<string>)value).Contains((string)Value!),
                FilterOperator.StartsWith => ((string)value).StartsWith((string)Value!, StringComparison.Ordinal),
                _ => false,
            };
        }
    }

    /// <summary><c>name in ["x", "y"]</c></summary>
    public sealed record OneOf(EntityMember Member, ImmutableHashSet<object> Values) : FilterExpression
    {
        /// <inheritdoc/>
        public override bool Matches(Entity entity) => Member.Read(entity) is { } value && Values.Contains(value);
    }
}
