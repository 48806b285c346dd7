using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Aedile.Tests.Support;

/// <summary>A work tree of stock git in a folder of its own, with no settings but its own.</summary>
public sealed class GitWork : IDisposable
{
    private readonly TestFolder _folder = new("git");

    private GitWork(string url)
    {
        Url = url;
        Directory.CreateDirectory(_folder["home"]);
        File.WriteAllText(_folder["home", ".gitconfig"], """
            [user]
                name = Test
                email = test@example.org
            [init]
                defaultBranch = main
            [gc]
                auto = 0
            [maintenance]
                auto = false
            [advice]
                detachedHead = false

            """);
    }

    /// <summary>The work tree.</summary>
    public string Path => _folder["work"];

    /// <summary>Address of its remote, with the password in it.</summary>
    public string Url { get; }

    /// <summary>Variables that keep the developer's and the machine's settings out.</summary>
    public ImmutableDictionary<string, string> Variables => ImmutableDictionary<string, string>.Empty
        .Add("HOME", _folder["home"]).Add("XDG_CONFIG_HOME", _folder["home"]).Add("GIT_CONFIG_NOSYSTEM", "1")
        .Add("GIT_TERMINAL_PROMPT", "0").Add("LC_ALL", "C")
        .Add("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z").Add("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z");

    /// <summary>A new work tree whose remote <c>origin</c> is <paramref name="url"/>, without a commit.</summary>
    public static async Task<GitWork> Init(string url)
    {
        var work = new GitWork(url);
        Directory.CreateDirectory(work.Path);
        await work.Ok("init", "-q");
        await work.Ok("remote", "add", "origin", url);
        return work;
    }

    /// <summary>As <see cref="Init"/>, with one commit on main that is pushed.</summary>
    public static async Task<GitWork> InitAndPush(string url)
    {
        var work = await Init(url);
        await work.Commit("first");
        await work.Ok("push", "-q", "origin", "main");
        return work;
    }

    /// <summary>A clone; <paramref name="options"/> are those of <c>git clone</c>.</summary>
    public static async Task<GitWork> Clone(string url, params string[] options)
    {
        var work = new GitWork(url);
        var clone = await work.In(work._folder.Path, ["clone", "-q", .. options, url, work.Path]).Run();
        clone.MustSucceed();
        return work;
    }

    /// <summary>Runs git in the work tree, however it ends.</summary>
    public Task<CommandResult> Git(params string[] arguments) => In(Path, arguments).Run();

    /// <summary>Runs git in the work tree, which must succeed; returns its output without the last line feed.</summary>
    public async Task<string> Ok(params string[] arguments) =>
        (await Git(arguments)).MustSucceed().Output.TrimEnd('\n');

    /// <summary>A git command for callers that start it themselves.</summary>
    public Command In(string folder, params string[] arguments) =>
        new("git", arguments) { Folder = folder, Variables = Variables };

    /// <summary>Commits a file of the same name and content as the message.</summary>
    /// <returns>The commit's object id.</returns>
    public Task<string> Commit(string message) => Commit(message, message, Encoding.UTF8.GetBytes(message + "\n"));

    /// <summary>Commits one file.</summary>
    /// <returns>The commit's object id.</returns>
    public async Task<string> Commit(string message, string file, byte[] content)
    {
        await File.WriteAllBytesAsync(System.IO.Path.Combine(Path, file), content);
        await Ok("add", file);
        await Ok("commit", "-q", "-m", message);
        return await Head();
    }

    /// <summary>Object id that a name stands for.</summary>
    public Task<string> Head(string name = "HEAD") => Ok("rev-parse", name);

    /// <summary>Makes a branch for each number below <paramref name="count"/>, at one commit each.</summary>
    public async Task ManyBranches(string prefix, int count)
    {
        var input = new StringBuilder();
        for (var i = 0; i < count; i++)
        {
            input.Append(CultureInfo.InvariantCulture, $"commit refs/heads/{prefix}{i}\n");
            input.Append(CultureInfo.InvariantCulture, $"committer Test <test@example.org> {1767225600 + i} +0000\n");
            input.Append(CultureInfo.InvariantCulture, $"data 2\n{i % 10}\n");
            input.Append(CultureInfo.InvariantCulture,
                $"from refs/heads/main^0\nM 100644 inline f{i}\ndata 2\n{i % 10}\n\n");
        }
        var import = In(Path, "fast-import", "--quiet") with { Input = Encoding.UTF8.GetBytes(input.ToString()) };
        (await import.Run()).MustSucceed();
    }

    /// <summary>What the remote advertises: name to object id.</summary>
    public async Task<ImmutableSortedDictionary<string, string>> RemoteRefs(params string[] options) =>
        (await Ok(["ls-remote", .. options, "origin"])).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t'))
            .ToImmutableSortedDictionary(p => p[1], p => p[0], StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
