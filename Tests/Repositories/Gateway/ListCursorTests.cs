using System.Buffers.Text;
using System.Text;
using Aedile.Silo.Gateway.Repositories;
using FsCheck;
using FsCheck.Fluent;

namespace Aedile.Tests.Repositories.Gateway;

public sealed class ListCursorTests
{
    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void A_cursor_is_parsed_as_it_was_given()
    {
        var storages = Gen.Elements("default", "fast-1", "x");
        var paths = Gen.Elements("hello", "team/project", "a.b_c-d", "1/2/3");
        Prop.ForAll(storages.ToArbitrary(), paths.ToArbitrary(), (storage, path) =>
        {
            var cursor = new ListCursor(storage, path);
            Assert.Equal(cursor, ListCursor.Parse(cursor.ToString()));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_no_page_gave_is_refused()
    {
        Assert.Null(ListCursor.Parse(""));
        Assert.Null(ListCursor.Parse("!"));
        Assert.Null(ListCursor.Parse("default"));
        Assert.Null(ListCursor.Parse(Encode("default")));
        Assert.Null(ListCursor.Parse(Encode("default\nhello\nmore")));
        Assert.Null(ListCursor.Parse(Base64Url.EncodeToString([0xff, 0xfe, (byte)'\n', (byte)'x'])));
        Assert.Null(ListCursor.Parse(Encode("default\n../escape")));
        Assert.Null(ListCursor.Parse(Encode("DEFAULT'; --\nhello")));
        Assert.Null(ListCursor.Parse(new ListCursor("default", new string('a', 2000)).ToString()));
    }

    [Fact]
    public void Whatever_is_sent_as_a_cursor_is_parsed_or_refused_but_never_fails()
    {
        Prop.ForAll(ArbMap.Default.GeneratorFor<string>().ToArbitrary(), text =>
        {
            if (text is null) return;
            ListCursor.Parse(text);
            ListCursor.Parse(Encode(text));
        }).QuickCheckThrowOnFailure();
    }
}
