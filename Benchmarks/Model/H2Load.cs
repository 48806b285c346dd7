using System.Globalization;
using System.Text.RegularExpressions;
using Aedile.Benchmarks.Git;

namespace Aedile.Benchmarks.Model;

/// <summary>What a load showed.</summary>
/// <param name="Rate">Requests a second.</param>
/// <param name="P99">Milliseconds.</param>
internal readonly record struct LoadResult(double Rate, double P99);

/// <summary>What one process of the load asks for, again and again.</summary>
/// <param name="Addresses">In turn, all of one host and port.</param>
/// <param name="Headers">As <c>name: value</c>.</param>
/// <param name="Body">Makes it a POST, unless a header <c>:method</c> says otherwise; null for none.</param>
/// <param name="IsHttp2">HTTP/2 without TLS in place of HTTP/1.1.</param>
internal sealed record LoadTarget(
    IReadOnlyList<Uri> Addresses, IReadOnlyList<string> Headers, byte[]? Body, bool IsHttp2);

/// <summary>
/// Load by nghttp2's <c>h2load</c>: so many clients, each with a connection that stays open and one request under way,
/// shared evenly among the targets, one process for each.
/// </summary>
internal sealed partial class H2Load(Tool tool, string folder)
{
    private const int Seconds = 4;
    private int _runs;

    /// <summary>Installs the program when it is missing.</summary>
    public Task Install() => Packages.Install(tool, "/usr/bin/h2load", "nghttp2-client");

    /// <summary>Loads for two seconds unmeasured and four measured.</summary>
    /// <exception cref="InvalidOperationException">A request failed.</exception>
    public async Task<LoadResult> Run(int clients, IReadOnlyList<LoadTarget> targets)
    {
        var parts = await Task.WhenAll(targets.Select((target, i) =>
            RunOne((clients / targets.Count) + (i < clients % targets.Count ? 1 : 0), target)));
        var times = parts.SelectMany(part => part.Microseconds).Order().ToArray();
        return new LoadResult(parts.Sum(part => part.Rate), times[(int)(times.Length * 0.99)] / 1000.0);
    }

    private async Task<(double Rate, List<int> Microseconds)> RunOne(int clients, LoadTarget target)
    {
        var name = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"load-{++_runs}"));
        await File.WriteAllLinesAsync(name, target.Addresses.Select(address => address.ToString()));
        List<string> arguments =
        [
            "-c", clients.ToString(CultureInfo.InvariantCulture), "-t", "1", "-i", name, "--log-file", name + ".log",
            "-D", Seconds.ToString(CultureInfo.InvariantCulture), "--warm-up-time", "2",
            target.IsHttp2 ? "--no-tls-proto=h2c" : "--h1", .. target.Headers.SelectMany(h => new[] { "-H", h }),
        ];
        if (target.Body is { } body)
        {
            await File.WriteAllBytesAsync(name + ".body", body);
            arguments.AddRange(["-d", name + ".body"]);
        }

        var output = await tool.Run("", "h2load", arguments);
        var rate = RateLine().Match(output);
        if (!rate.Success || !NoFailures().IsMatch(output))
            throw new InvalidOperationException($"{target.Addresses[0]} refused requests: {output}");
        var rows = File.ReadLines(name + ".log").Select(row => row.Split('\t')[2]);
        return (double.Parse(rate.Groups[1].Value, CultureInfo.InvariantCulture),
            [.. rows.Select(time => int.Parse(time, CultureInfo.InvariantCulture))]);
    }

    [GeneratedRegex(@"finished in .*?, ([0-9.]+) req/s")]
    private static partial Regex RateLine();

    [GeneratedRegex(@" 0 failed, 0 errored, 0 timeout\nstatus codes: \d+ 2xx, 0 3xx, 0 4xx, 0 5xx")]
    private static partial Regex NoFailures();
}
