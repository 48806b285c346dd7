using System.Collections.Immutable;
using System.Net;
using Aedile.Silo.Identity.External;

namespace Aedile.Tests.Identity;

public sealed class AddressRuleTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.255.255.254", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("198.18.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::127.0.0.1", false)]
    [InlineData("64:ff9b::10.0.0.1", false)]
    [InlineData("64:ff9b::169.254.169.254", false)]
    [InlineData("64:ff9b:1::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fec0::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:0:1::1", false)]
    [InlineData("2001:db8::1", false)]
    public void Only_addresses_of_the_public_internet_are_called(string text, bool isPublic)
    {
        var address = IPAddress.Parse(text);
        Assert.Equal(isPublic, AddressRule.IsPublic(address));
        Assert.Equal(isPublic, AddressRule.MayCall(address, []));
    }

    [Fact]
    public void A_network_may_be_allowed_on_purpose_and_no_more_than_it()
    {
        ImmutableArray<IPNetwork> allowed = [IPNetwork.Parse("10.1.2.0/24")];
        Assert.True(AddressRule.MayCall(IPAddress.Parse("10.1.2.3"), allowed));
        Assert.True(AddressRule.MayCall(IPAddress.Parse("::ffff:10.1.2.3"), allowed));
        Assert.False(AddressRule.MayCall(IPAddress.Parse("10.1.3.3"), allowed));
    }
}
