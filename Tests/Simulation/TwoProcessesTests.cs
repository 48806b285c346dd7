using System.Collections.Immutable;
using System.Globalization;
using Aedile.Tests.Simulation.Fleet;
using Aedile.Tests.Support;

namespace Aedile.Tests.Simulation;

/// <summary>
/// Goal: a seed means the same run in every process, so that hash codes and addresses can't hide in it.
/// </summary>
public sealed class TwoProcessesTests
{
    // Where the other process writes what it found; only it has this variable.
    private const string Variable = "AEDILE_HASHES";
    private const ulong Seeds = 6;

    [Fact]
    public async Task Another_process_has_the_same_runs_to_the_last_event()
    {
        var own = Hashes();
        if (Environment.GetEnvironmentVariable(Variable) is { } file)
        {
            await File.WriteAllTextAsync(file, own);
            return;
        }

        using var folder = new TestFolder("hashes");
        var written = Path.Combine(folder.Path, "hashes");
        var result = await new Command(
            "dotnet", typeof(TwoProcessesTests).Assembly.Location, "-noLogo", "-noColor", "-method",
            $"{typeof(TwoProcessesTests).FullName}.{nameof(Another_process_has_the_same_runs_to_the_last_event)}")
        {
            Variables = ImmutableDictionary<string, string>.Empty.Add(Variable, written),
        }.Run();

        Assert.True(File.Exists(written), $"{result}");
        Assert.Equal(own, await File.ReadAllTextAsync(written));
    }

    private static string Hashes() => string.Concat(Enumerable.Range(0, (int)Seeds).Select(i =>
    {
        var seed = SeedPool.First + (ulong)i;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{seed}: {SeededRuns.Execute(seed, false).Hash} {MembershipRuns.Execute(seed, false).Hash} "
                + $"{FleetRuns.Execute(seed, false).Hash}\n");
    }));
}
