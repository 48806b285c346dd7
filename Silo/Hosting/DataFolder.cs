using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Aedile.Silo.Hosting;

/// <summary>The folder that holds everything an installation knows, and its layout.</summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>Number of the layout that this program writes.</summary>
    public const int Format = 1;

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int SecretBytes = 32;

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream @lock) => (Root, _lock) = (path, @lock);

    /// <summary>Full path of the folder.</summary>
    public string Root { get; }

    /// <summary>The administrator's bearer token.</summary>
    public string AdminTokenFile => Path.Combine(Root, "admin.token");

    /// <summary>The one-time token of the first administrator, until it is spent or over.</summary>
    public string AdminEnrolmentFile => Path.Combine(Root, "admin.enrolment");

    /// <summary>The certificates of the fleet's authorities, by which its silos are known; public.</summary>
    public string AuthoritiesFile => Path.Combine(Root, "ca.pem");

    /// <summary>The processes that run, for people and tests.</summary>
    public string RunFile => Path.Combine(Root, "run.json");

    /// <summary>The database of a single silo.</summary>
    public string Database => Path.Combine(Root, "silo.db");

    /// <summary>The fleet's own PostgreSQL.</summary>
    public string DatabaseFolder => Path.Combine(Root, "postgres");

    /// <summary>How silos connect to it; holds the password.</summary>
    public string ConnectionFile => Path.Combine(Root, "database.connection");

    /// <summary>Where the installation was moved to; there only if it was.</summary>
    public string MovedFile => Path.Combine(Root, "moved-to");

    /// <summary>What the processes print.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>A silo's own copy of the model.</summary>
    public string Model(string silo) => Path.Combine(Root, "model", silo);

    /// <summary>The folder of one agent.</summary>
    public string Agent(string name) => Path.Combine(Root, "agents", name);

    /// <summary>The one-time token of an agent that is not enrolled yet.</summary>
    public string AgentEnrolmentFile(string name) => Path.Combine(Root, "agents", name + ".enrolment");

    /// <summary>
    /// Makes the folder if need be, checks its format, and locks it until disposed or this process ends.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="lockName">Whom the lock keeps out: a second process with the same name.</param>
    /// <param name="movesTo">Where to it is being moved; null when it is to be used.</param>
    /// <exception cref="StartupException">A newer program wrote it, another process holds it, it was moved elsewhere,
    /// its administrator's token is too short, or it can't be written.</exception>
    public static DataFolder Open(string path, string lockName, string? movesTo = null)
    {
        var root = Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(root);
            var held = Lock(root, lockName);
            try
            {
                CheckFormat(root);
                var folder = new DataFolder(root, held);
                RefuseMoved(folder, movesTo);
                EnsureSecret(folder.AdminTokenFile);
                // Of earlier programs, whose agents shared one token: a secret that opens nothing any more.
                File.Delete(Path.Combine(root, "fleet.token"));
                return folder;
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new StartupException($"The data folder {root} can't be used: {error.Message}", error);
        }
    }

    /// <summary>Reads a secret; surrounding white space does not count.</summary>
    /// <exception cref="StartupException">The file can't be read, or holds less than 16 characters.</exception>
    public static string ReadSecret(string file)
    {
        try
        {
            var secret = File.ReadAllText(file).Trim();
            return secret.Length >= 16
                ? secret
                : throw new StartupException($"{file} holds no token of at least 16 characters.");
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new StartupException($"The token file {file} can't be read: {error.Message}", error);
        }
    }

    /// <summary>The password of the fleet's own PostgreSQL; made up at the first question.</summary>
    public string DatabasePassword() => EnsureSecret(Path.Combine(Root, "database.password"));

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string root, string name)
    {
        var file = Path.Combine(root, name);
        try
        {
            // The kernel gives the lock back when this process ends, however it ends.
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new StartupException($"The data folder {root} is in use by another run ({file} is locked).", error);
        }
    }

    private static void CheckFormat(string root)
    {
        var file = Path.Combine(root, "version");
        if (!File.Exists(file))
        {
            DurableFile.Write(file, Encoding.ASCII.GetBytes($"{Format}\n"), Private | UnixFileMode.GroupRead);
            return;
        }
        var text = File.ReadAllText(file).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var format) || format < 1)
            throw new StartupException($"{file} should hold the number of the data format, not '{text}'.");
        if (format > Format)
            throw new StartupException(
                $"The data folder {root} has format {format}; this program knows formats up to {Format}. "
                + "Use the program that wrote it, or a newer one.");
    }

    // Two installations that go on from one point would be two truths.
    private static void RefuseMoved(DataFolder folder, string? movesTo)
    {
        if (!File.Exists(folder.MovedFile)) return;
        var target = File.ReadAllText(folder.MovedFile).Trim();
        // A move that was cut off between the mark and the end is done again.
        if (target == movesTo && !Directory.Exists(target)) return;
        throw new StartupException(
            $"The installation in {folder.Root} was moved to {target}. To use what is still here instead, as it was "
            + $"then, delete {folder.MovedFile}.");
    }

    private static string EnsureSecret(string file)
    {
        if (!File.Exists(file))
        {
            Span<byte> bits = stackalloc byte[SecretBytes];
            RandomNumberGenerator.Fill(bits);
            DurableFile.Write(file, Encoding.ASCII.GetBytes(Base64Url.EncodeToString(bits) + "\n"), Private);
        }

        return ReadSecret(file);
    }
}
