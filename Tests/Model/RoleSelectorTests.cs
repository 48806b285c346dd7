using Aedile.Client.Model;

namespace Aedile.Tests.Model;

/// <summary>Goal: selectors select what the design says.</summary>
public sealed class RoleSelectorTests
{
    [Theory]
    [InlineData("#all", RoleSemantic.AllOf, true)]
    [InlineData("@n1", RoleSemantic.AllOf, true)]
    [InlineData("@n2", RoleSemantic.AnyOf, false)]
    [InlineData("#ssd", RoleSemantic.AnyOf, true)]
    [InlineData("#ssd #hdd", RoleSemantic.AnyOf, true)]
    [InlineData("#ssd #hdd", RoleSemantic.AllOf, false)]
    [InlineData("#ssd #big", RoleSemantic.AllOf, true)]
    [InlineData("#hdd @n1", RoleSemantic.AllOf, true)]
    [InlineData("", RoleSemantic.AllOf, false)]
    public void Attributes_ids_and_all_select(string selectors, RoleSemantic semantic, bool isSelected) => Assert.Equal(
        isSelected, RoleSelector.Select(
            [.. selectors.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => RoleSelector.Parse(text))],
            semantic, EntityId.Parse("n1"), ["ssd", "big"]));

    [Theory]
    [InlineData("")]
    [InlineData("#")]
    [InlineData("ssd")]
    [InlineData("#SSD")]
    [InlineData("@n 1")]
    public void Anything_else_is_no_selector(string text) => Assert.False(RoleSelector.TryParse(text, null, out _));
}
