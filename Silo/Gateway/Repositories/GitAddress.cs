using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>What a git client asks for.</summary>
internal enum GitService
{
    /// <summary>Something that only the dumb protocol knows, or nothing at all.</summary>
    Unknown,

    /// <summary>The list of refs and capabilities.</summary>
    InfoRefs,

    /// <summary>Objects for a fetch.</summary>
    UploadPack,

    /// <summary>A push.</summary>
    ReceivePack,
}

/// <summary>The part of a git address behind the virtual storage: <c>path.git/service</c>. Pure.</summary>
internal readonly record struct GitAddress(RepositoryPath Path, GitService Service)
{
    private const string Suffix = ".git/";

    /// <summary>Parses it.</summary>
    /// <returns>False when it can't be the address of a repository.</returns>
    public static bool TryParse(string text, out GitAddress address)
    {
        // No segment of a path ends with ".git", so the first one is the end of the path.
        var end = text.IndexOf(Suffix, StringComparison.Ordinal);
        if (end < 0 || !RepositoryPath.TryParse(text[..end], null, out var path))
        {
            address = default;
            return false;
        }
        address = new GitAddress(path, text[(end + Suffix.Length)..] switch
        {
            "info/refs" => GitService.InfoRefs,
            "git-upload-pack" => GitService.UploadPack,
            "git-receive-pack" => GitService.ReceivePack,
            _ => GitService.Unknown,
        });
        return true;
    }
}
