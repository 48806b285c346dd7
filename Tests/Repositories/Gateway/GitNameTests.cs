using Aedile.Silo.Gateway.Repositories;
using ReplicaRefName = Aedile.Agent.Repositories.RefName;

namespace Aedile.Tests.Repositories.Gateway;

public sealed class GitNameTests
{
    [Theory]
    [InlineData("refs/heads/main")]
    [InlineData("refs/heads/feature/x-1")]
    [InlineData("refs/tags/v1.0")]
    [InlineData("refs/heads/ä@b")]
    [InlineData("refs/heads/@")]
    [InlineData("refs/notes/commits")]
    public void A_name_that_git_takes_is_taken(string name) => Assert.True(RefName.IsValid(name));

    [Theory]
    [InlineData("HEAD")]
    [InlineData("refs/stash")]
    [InlineData("heads/main")]
    [InlineData("refs/heads/")]
    [InlineData("refs//heads/main")]
    [InlineData("refs/heads/.hidden")]
    [InlineData("refs/heads/a..b")]
    [InlineData("refs/heads/a.lock")]
    [InlineData("refs/heads/a.lock/b")]
    [InlineData("refs/heads/end.")]
    [InlineData("refs/heads/a b")]
    [InlineData("refs/heads/a~1")]
    [InlineData("refs/heads/a^")]
    [InlineData("refs/heads/a:b")]
    [InlineData("refs/heads/a?")]
    [InlineData("refs/heads/a*")]
    [InlineData("refs/heads/a[b")]
    [InlineData("refs/heads/a\\b")]
    [InlineData("refs/heads/a@{1}")]
    [InlineData("refs/heads/a\u0007")]
    [InlineData("refs/heads/a\u007f")]
    [InlineData("refs/heads/a\u0085")]
    public void A_name_that_git_or_a_replica_would_refuse_is_refused(string name) =>
        Assert.False(RefName.IsValid(name));

    [Fact]
    public void Names_are_bounded_in_bytes()
    {
        Assert.True(RefName.IsValid("refs/heads/" + new string('a', 250)));
        Assert.False(RefName.IsValid("refs/heads/" + new string('a', 251)));
        Assert.False(RefName.IsValid("refs/heads/" + new string('ä', 126)));
        var deep = "refs/heads/" + string.Join('/', Enumerable.Repeat(new string('a', 200), 6));
        Assert.False(RefName.IsValid(deep));
    }

    // A replica answers 400 to a name it doesn't take, and that push would fail on all of them without a reason.
    [Fact]
    public void Every_character_that_the_gateway_takes_in_a_name_a_replica_takes()
    {
        var strange = Enumerable.Range(0, char.MaxValue).Select(c => (char)c).Where(c => !char.IsSurrogate(c))
            .Select(c => $"refs/heads/a{c}b")
            .Where(name => RefName.IsValid(name) && !ReplicaRefName.IsValid(name));
        Assert.Empty(strange);
    }

    [Theory]
    [InlineData("hello.git/info/refs", "hello", nameof(GitService.InfoRefs))]
    [InlineData("team/hello.git/git-upload-pack", "team/hello", nameof(GitService.UploadPack))]
    [InlineData("team/hello.git/git-receive-pack", "team/hello", nameof(GitService.ReceivePack))]
    [InlineData("hello.git/HEAD", "hello", nameof(GitService.Unknown))]
    [InlineData("hello.git/objects/info/packs", "hello", nameof(GitService.Unknown))]
    [InlineData("hello.git/", "hello", nameof(GitService.Unknown))]
    public void A_git_address_names_a_repository_and_a_service(string text, string path, string service)
    {
        Assert.True(GitAddress.TryParse(text, out var address));
        Assert.Equal((path, service), (address.Path.Value, address.Service.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("hello.git")]
    [InlineData(".git/info/refs")]
    [InlineData("../hello.git/info/refs")]
    [InlineData("a/../hello.git/info/refs")]
    [InlineData("a\0b.git/info/refs")]
    [InlineData("a//b.git/info/refs")]
    public void An_address_without_a_possible_path_is_none(string text) =>
        Assert.False(GitAddress.TryParse(text, out _));
}
