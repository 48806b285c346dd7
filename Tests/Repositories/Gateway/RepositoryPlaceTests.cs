using System.Buffers.Text;
using System.Text;
using Aedile.Silo.Gateway;
using Aedile.Silo.Gateway.Repositories;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>Goal: a list of repositories goes on where a page of it ended, and nowhere else.</summary>
public sealed class RepositoryPlaceTests
{
    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    // After which name a list goes on that is given this cursor; null when it is refused.
    private static string? NameAfter(string cursor) => PageQuery.Parse(
        new QueryCollection(new Dictionary<string, StringValues> { ["cursor"] = cursor }), 1, 1).Query is { } query
            ? RepositoryPlace.NameAt(query.After)
            : null;

    [Fact]
    public void A_list_begins_before_the_first_and_goes_on_where_a_page_ended()
    {
        Assert.Equal("", RepositoryPlace.NameAt([]));
        var storages = Gen.Elements("default", "fast-1", "x");
        var paths = Gen.Elements("hello", "team/project", "a.b_c-d", "1/2/3");
        Prop.ForAll(storages.ToArbitrary(), paths.ToArbitrary(), (storage, path) =>
            Assert.Equal($"{storage}/{path}", NameAfter(PageQuery.CursorAfter([storage, path]))))
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("default")]
    public void What_is_no_cursor_is_refused(string text) => Assert.Null(NameAfter(text));

    [Theory]
    [InlineData("default\nhello")]
    [InlineData("[]")]
    [InlineData("""["default"]""")]
    [InlineData("""["default",null]""")]
    [InlineData("""["default","hello","more"]""")]
    [InlineData("""["default","../escape"]""")]
    [InlineData("""["DEFAULT'; --","hello"]""")]
    public void What_no_page_of_repositories_gave_is_refused(string text) => Assert.Null(NameAfter(Encode(text)));

    [Fact]
    public void What_is_too_long_or_no_text_is_refused()
    {
        Assert.Null(NameAfter(PageQuery.CursorAfter(["default", new string('a', 2_000)])));
        Assert.Null(NameAfter(PageQuery.CursorAfter(["default", new string('a', 20_000)])));
        Assert.Null(NameAfter(Base64Url.EncodeToString([0xff, 0xfe, (byte)'\n', (byte)'x'])));
    }

    [Fact]
    public void Whatever_is_sent_as_a_cursor_is_parsed_or_refused_but_never_fails()
    {
        Prop.ForAll(ArbMap.Default.GeneratorFor<string>().ToArbitrary(), text =>
        {
            if (text is null) return;
            NameAfter(text);
            NameAfter(Encode(text));
            NameAfter(PageQuery.CursorAfter([text, text]));
        }).QuickCheckThrowOnFailure();
    }
}
