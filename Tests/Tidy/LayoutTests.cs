namespace Aedile.Tests.Tidy;

public sealed class LayoutTests
{
    [Fact]
    public void Solution_stands_at_the_root() => Assert.True(true);
}
