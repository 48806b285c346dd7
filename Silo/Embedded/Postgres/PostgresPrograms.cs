using System.Globalization;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Embedded.Postgres;

/// <summary>Where PostgreSQL's programs are on this machine, and as whom they run.</summary>
/// <param name="Folder">Folder with <c>initdb</c> and <c>postgres</c>.</param>
/// <param name="User">The user they run as; null for this process's own.</param>
internal sealed record PostgresPrograms(string Folder, string? User)
{
    /// <summary>The oldest version that works: none older is maintained any more.</summary>
    private const int VersionMin = 14;

    private const string DebianFolder = "/usr/lib/postgresql";
    private const string UserOfDebian = "postgres";

    /// <summary>Finds the programs that can run a cluster.</summary>
    /// <param name="cluster">The cluster's folder: a cluster keeps the version that made it.</param>
    /// <exception cref="StartupException">They are missing, or only in another version.</exception>
    public static PostgresPrograms Find(string cluster)
    {
        var made = VersionOf(cluster);
        var folder = Candidates().FirstOrDefault(
            candidate => (made ?? candidate.Version) == candidate.Version && candidate.Version >= VersionMin).Folder;
        if (folder is null)
        {
            throw new StartupException(made is null
                ? $"PostgreSQL {VersionMin} or newer is not installed (apt-get install postgresql)."
                : $"The database in {cluster} was made by PostgreSQL {made}, which is not installed "
                + $"(apt-get install postgresql-{made}).");
        }

        if (!Environment.IsPrivilegedProcess) return new PostgresPrograms(folder, null);
        if (!File.ReadLines("/etc/passwd").Any(l => l.StartsWith(UserOfDebian + ":", StringComparison.Ordinal)))
        {
            throw new StartupException(
                $"PostgreSQL refuses to run as root, and there is no user {UserOfDebian} to run it as.");
        }

        return new PostgresPrograms(folder, UserOfDebian);
    }

    /// <summary>
    /// The command that runs one of the programs on a folder. It finds the folder under <see cref="Inside"/>: the user
    /// of the database often may not pass through the folders above it, such as <c>/root</c>.
    /// </summary>
    /// <returns>Program and arguments. It dies with the thread that starts it.</returns>
    public (string Program, IEnumerable<string> Arguments) Run(
        string folder, string program, IEnumerable<string> options)
    {
        string[] identity = User is null ? [] : ["--reuid", User, "--regid", User, "--init-groups"];
        return ("sh",
        [
            "-c", "exec 8<\"$0\"; cd /; exec setpriv --pdeathsig QUIT \"$@\"", folder,
            .. identity, Path.Combine(Folder, program), .. options,
        ]);
    }

    /// <summary>A path inside of the folder that a program was given.</summary>
    public static string Inside(string name) => "/proc/self/fd/8/" + name;

    private static int? VersionOf(string cluster)
    {
        var file = Path.Combine(cluster, "PG_VERSION");
        return File.Exists(file)
            ? int.Parse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture)
            : null;
    }

    private static IEnumerable<(int Version, string Folder)> Candidates() =>
        from folder in Directory.Exists(DebianFolder) ? Directory.GetDirectories(DebianFolder) : []
        let version = int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var number) ? number : 0
        let programs = Path.Combine(folder, "bin")
        where File.Exists(Path.Combine(programs, "initdb")) && File.Exists(Path.Combine(programs, "postgres"))
        orderby version descending
        select (version, programs);
}
