namespace Aedile.Benchmarks.Git;

/// <summary>Programs of Debian that a benchmark needs.</summary>
internal static class Packages
{
    /// <summary>Installs a package when its program is missing; it starts nothing.</summary>
    public static async Task Install(Tool tool, string program, string package)
    {
        if (File.Exists(program)) return;
        Console.WriteLine($"installing {package}");
        var sudo = Environment.UserName == "root" ? "" : "sudo -n ";
        await tool.Run("", "sh", "-c", $"{sudo}apt-get update -q");
        var install = $"apt-get install -y -q --no-install-recommends {package}";
        // A package of a service would start it otherwise.
        await tool.Run("", "sh", "-c", $"{sudo}env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive {install}");
    }
}
