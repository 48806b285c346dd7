using System.Text;
using Aedile.Engine.Storage;

namespace Aedile.Tests.Engine;

/// <summary>
/// Goal: both engines find the same rows. The numbers were computed by Microsoft.Orleans.Persistence.AdoNet 10.4.2.
/// </summary>
public sealed class OfficialStateKeyTests
{
    [Theory]
    [InlineData("hello", -196794383, 0, 0, "hello")]
    [InlineData("a/b", -1099870246, 0, 0, "a/b")]
    [InlineData("é", 1660902691, 0, 0, "é")]
    [InlineData("storage-1 ", -1436048344, 0, 0, "storage-1 ")]
    [InlineData("+x", 171272240, 0, 0, "+x")]
    [InlineData("af79798ac38b538ec57ce8803058d15a", 385110871, 6020964756552776074, 6544108698890435781, "")]
    [InlineData("c0ffee00c0ffee00c0ffee00c0ffee00+ext", 1747665221, -1296824487995511296, 67272244571602880, "ext")]
    [InlineData("00000000000000000000000000000000", 975897230, 0, 0, "")]
    [InlineData("0", 328578014, 0, 0, "")]
    [InlineData("1F", -526337803, 0, 31, "")]
    [InlineData("FFFFFFFFFFFFFFFF", -641301823, 0, -1, "")]
    [InlineData("2A+ext", 2044764532, 0, 42, "ext")]
    public void Key_columns_are_those_of_the_official_provider(string key, long hash, long n0, long n1, string text) =>
        Assert.Equal(new StateKey(hash, n0, n1, text), OfficialStateKey.Of(GrainId.Create("thing", key)));

    [Fact]
    public void The_hash_of_a_states_name_is_that_of_the_official_provider() =>
        Assert.Equal(647378372, OfficialStateKey.HashOf(Encoding.UTF8.GetBytes("repository")));
}
