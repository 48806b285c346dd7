namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>What a piece of a filter is.</summary>
internal enum FilterTokenType
{
    /// <summary>Nothing that filters have; the token's text says what was expected.</summary>
    Unknown,

    /// <summary>A keyword or part of a path.</summary>
    Word,

    /// <summary>A text in quotes; the token holds what it means.</summary>
    Text,

    /// <summary>A number, as it was written.</summary>
    Number,

    /// <summary>One of <c>= != &lt; &lt;= &gt; &gt;= ( ) [ ] , .</c></summary>
    Sign,

    /// <summary>Nothing more.</summary>
    End,
}

/// <summary>A piece of a filter.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Text">What it says.</param>
/// <param name="Column">Of its first character, from 1.</param>
internal readonly record struct FilterToken(FilterTokenType Type, string Text, int Column)
{
    /// <summary>Whether it is this word or sign.</summary>
    public bool Is(string text) => Type is FilterTokenType.Word or FilterTokenType.Sign && Text == text;

    /// <summary>For people.</summary>
    public string Describe() => Type is FilterTokenType.End ? "the end" : $"'{Text}'";
}
