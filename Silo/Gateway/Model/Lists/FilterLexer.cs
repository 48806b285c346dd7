using System.Text;

namespace Aedile.Silo.Gateway.Model.Lists;

/// <summary>Cuts a filter into its pieces. Total: what is nothing is a token too.</summary>
internal sealed class FilterLexer(string text)
{
    private int _place;

    /// <summary>The next piece; again and again the end when there is none.</summary>
    public FilterToken Next()
    {
        while (_place < text.Length && text[_place] is (' ' or '\t' or '\r' or '\n')) _place++;
        var start = _place;
        if (start == text.Length) return new FilterToken(FilterTokenType.End, "", start + 1);
        var first = text[start];
        if (char.IsAsciiLetter(first) || first is '_') return Take(FilterTokenType.Word, start, IsOfWord);
        if (char.IsAsciiDigit(first) || first is '-') return Take(FilterTokenType.Number, start, IsOfNumber);
        return first is '"' ? TakeText(start) : TakeSign(start);
    }

    private FilterToken Take(FilterTokenType type, int start, Func<char, bool> isPart)
    {
        _place++;
        while (_place < text.Length && isPart(text[_place])) _place++;
        return new FilterToken(type, text[start.._place], start + 1);
    }

    private FilterToken TakeSign(int start)
    {
        var isPair = text[start] is '!' or '<' or '>' && start + 1 < text.Length && text[start + 1] is '=';
        _place = start + (isPair ? 2 : 1);
        var sign = text[start.._place];
        return sign is "=" or "!=" or "<" or "<=" or ">" or ">=" or "(" or ")" or "[" or "]" or "," or "."
            ? new FilterToken(FilterTokenType.Sign, sign, start + 1)
            : new FilterToken(FilterTokenType.Unknown, $"'{sign}' means nothing here.", start + 1);
    }

    // The only escapes are those that are needed: \" and \\.
    private FilterToken TakeText(int start)
    {
        var value = new StringBuilder();
        for (_place = start + 1; _place < text.Length; _place++)
        {
            if (text[_place] is '"')
            {
                _place++;
                return new FilterToken(FilterTokenType.Text, value.ToString(), start + 1);
            }

            if (text[_place] is '\\')
            {
                if (_place + 1 >= text.Length || text[_place + 1] is not ('"' or '\\'))
                    return Unknown("after '\\' comes '\"' or '\\'.", _place);
                _place++;
            }

            value.Append(text[_place]);
        }

        return Unknown("the text that begins here doesn't end: a '\"' is missing.", start);
    }

    private FilterToken Unknown(string detail, int place)
    {
        _place = text.Length;
        return new FilterToken(FilterTokenType.Unknown, detail, place + 1);
    }

    private static bool IsOfWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    private static bool IsOfNumber(char c) => char.IsAsciiDigit(c) || c is '.';
}
