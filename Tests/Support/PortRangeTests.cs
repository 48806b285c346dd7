using System.Net;
using System.Net.Sockets;

namespace Aedile.Tests.Support;

/// <summary>Goal: who takes ports and listens later has them for himself.</summary>
public sealed class PortRangeTests
{
    [Fact]
    public void Ports_that_were_just_taken_are_not_given_again_though_others_are_in_use()
    {
        using var busy = new TcpListener(IPAddress.Loopback, PortRange.Take(1));
        busy.Start();
        var last = 0;
        for (var i = 0; i < 150; i++)
        {
            var taken = PortRange.Take(1);
            Assert.NotEqual(last, taken);
            last = taken;
        }
    }
}
