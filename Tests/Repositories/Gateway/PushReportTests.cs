using System.Buffers;
using System.Text;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Gateway.Repositories;

namespace Aedile.Tests.Repositories.Gateway;

public sealed class PushReportTests
{
    private static string Written(PushReport report)
    {
        var wire = new ArrayBufferWriter<byte>();
        report.Write(wire);
        return Encoding.UTF8.GetString(wire.WrittenSpan);
    }

    [Fact]
    public void It_is_written_as_git_reads_it()
    {
        var report = new PushReport(null, [new("refs/heads/a", null), new("refs/heads/b", "fetch first")]);
        Assert.Equal("000eunpack ok\n0014ok refs/heads/a\n0020ng refs/heads/b fetch first\n0000", Written(report));
    }

    [Fact]
    public void A_reason_of_many_lines_stays_one_line()
    {
        var text = Written(PushReport.Refuse(["refs/heads/a"], "no\nok refs/heads/a\0", "bad\r\npack"));
        Assert.Contains("unpack bad pack\n", text, StringComparison.Ordinal);
        Assert.Contains("ng refs/heads/a no ok refs/heads/a \n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_name_and_reason_fit_into_a_packet()
    {
        var name = "refs/heads/" + new string('a', PktLine.BytesMax - PktLine.HeaderBytes - 11 - 82);
        var text = Written(new PushReport(null, [new RefResult(name, "funny refname")]));
        Assert.EndsWith("funny refname\n0000", text, StringComparison.Ordinal);
        Written(PushReport.Refuse(["refs/heads/a"], new string('ü', 100_000), new string('ü', 100_000)));
    }

    [Fact]
    public void Capabilities_that_change_nothing_here_are_taken_and_those_that_do_are_seen()
    {
        var parsed = PushCapabilities.Parse(" report-status side-band-64k quiet agent=git/2.39 session-id=x");
        Assert.Equal(new PushCapabilities(true, true, false, false), parsed);
        Assert.Equal(new PushCapabilities(false, false, false, false), PushCapabilities.Parse(""));
        Assert.Throws<GitProtocolException>(() => PushCapabilities.Parse("object-format=sha256"));
    }
}
