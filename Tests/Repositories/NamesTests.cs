using Aedile.Client.Fleet;
using Aedile.Client.Repositories;

namespace Aedile.Tests.Repositories;

public sealed class NamesTests
{
    [Theory]
    [InlineData("hello")]
    [InlineData("team/project")]
    [InlineData("a.b/c_d/e-f")]
    public void A_plain_path_is_accepted(string path) => Assert.True(RepositoryPath.TryParse(path, null, out _));

    [Theory]
    [InlineData("")]
    [InlineData("/hello")]
    [InlineData("hello/")]
    [InlineData("a//b")]
    [InlineData("../hello")]
    [InlineData("a/../b")]
    [InlineData(".hidden")]
    [InlineData("-option")]
    [InlineData("hello.git")]
    [InlineData("hello.GIT/x")]
    [InlineData("a.lock")]
    [InlineData("a b")]
    [InlineData("a\u0000b")]
    [InlineData("a\nb")]
    [InlineData("a%2fb")]
    [InlineData("ä")]
    [InlineData("1/2/3/4/5/6/7/8/9")]
    public void A_path_that_could_leave_its_folder_or_hide_is_refused(string path) =>
        Assert.False(RepositoryPath.TryParse(path, null, out _));

    [Fact]
    public void Lengths_are_bounded()
    {
        Assert.True(RepositoryPath.TryParse(new string('a', 100), null, out _));
        Assert.False(RepositoryPath.TryParse(new string('a', 101), null, out _));
        Assert.False(RepositoryPath.TryParse(string.Join('/', Enumerable.Repeat(new string('a', 60), 5)), null, out _));
        Assert.False(NodeName.TryParse(new string('a', 64), null, out _));
    }

    [Theory]
    [InlineData("Storage-1")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a.b")]
    [InlineData("")]
    public void A_node_name_is_a_dns_label(string name) => Assert.False(NodeName.TryParse(name, null, out _));
}
