using Aedile.Agent.Repositories;
using Aedile.Client.Repositories;
using Microsoft.AspNetCore.Http;

namespace Aedile.Tests.Repositories.Agent;

/// <summary>
/// Goal: nothing from outside reaches a file name or a git command that git itself would not take as a ref.
/// </summary>
public sealed class NameTests
{
    [Theory]
    [InlineData("refs/heads/main", true)]
    [InlineData("refs/heads/a/b-c_d.e", true)]
    [InlineData("refs/heads/ünï", true)]
    [InlineData("refs/tags/v1.0", true)]
    [InlineData("HEAD", false)]
    [InlineData("refs/", false)]
    [InlineData("refs/heads/../../../etc/passwd", false)]
    [InlineData("refs/heads/.hidden", false)]
    [InlineData("refs/heads/a.lock", false)]
    [InlineData("refs/heads/a.lock/b", false)]
    [InlineData("refs/heads//a", false)]
    [InlineData("refs/heads/a/", false)]
    [InlineData("refs/heads/a.", false)]
    [InlineData("refs/heads/a b", false)]
    [InlineData("refs/heads/a\nb", false)]
    [InlineData("refs/heads/a\0b", false)]
    [InlineData("refs/heads/a~1", false)]
    [InlineData("refs/heads/a@{1}", false)]
    [InlineData("refs/heads/a*", false)]
    [InlineData("refs/heads/a\\b", false)]
    [InlineData("/refs/heads/a", false)]
    public void Ref_names_are_those_of_git(string name, bool isValid) => Assert.Equal(isValid, RefName.IsValid(name));

    [Fact]
    public void Updates_out_of_order_twice_or_hidden_are_refused()
    {
        var one = new RefUpdate("refs/heads/a", RefUpdate.Zero, new string('a', 40));
        var two = one with { Name = "refs/heads/b" };
        CommandRules.CheckUpdates([one, two]);
        Assert.Throws<BadHttpRequestException>(() => CommandRules.CheckUpdates([]));
        Assert.Throws<BadHttpRequestException>(() => CommandRules.CheckUpdates([two, one]));
        Assert.Throws<BadHttpRequestException>(() => CommandRules.CheckUpdates([one, one]));
        Assert.Throws<BadHttpRequestException>(
            () => CommandRules.CheckUpdates([one with { Name = "refs/internal/x" }]));
        Assert.Throws<BadHttpRequestException>(() => CommandRules.CheckUpdates([one with { New = RefUpdate.Zero }]));
        Assert.Throws<BadHttpRequestException>(() => CommandRules.CheckUpdates([one with { Old = "ABC" }]));
    }
}
