namespace Aedile.Agent.Repositories;

/// <summary>
/// The storage role's only way to files. Nothing is durable until it is flushed: a file's bytes by
/// <see cref="FlushFile"/>, the names in a directory (creation, renaming, deletion) by <see cref="FlushDirectory"/>.
/// Simulation replaces it with a disk that forgets whatever was not flushed. Paths are absolute.
/// </summary>
internal interface IDisk
{
    /// <summary>Whether there is a file or directory of that name.</summary>
    ValueTask<bool> Exists(string path);

    /// <summary>The whole file.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    ValueTask<byte[]> Read(string path);

    /// <summary>Names in a directory, in ordinal order; empty when there is no such directory.</summary>
    ValueTask<IReadOnlyList<DiskEntry>> List(string directory);

    /// <summary>Makes a directory and its missing parents. One that exists is fine.</summary>
    ValueTask CreateDirectory(string path);

    /// <summary>Creates or replaces a file. Not atomic: write beside it and <see cref="Rename"/> for that.</summary>
    ValueTask Write(string path, ReadOnlyMemory<byte> content);

    /// <summary>Opens a file for appending, and creates it when it is missing.</summary>
    ValueTask<IAppendFile> OpenAppend(string path);

    /// <summary>Renames a file or directory atomically; a file of the new name is replaced.</summary>
    ValueTask Rename(string from, string to);

    /// <summary>Deletes a file; a missing one is fine.</summary>
    ValueTask DeleteFile(string path);

    /// <summary>Deletes a directory with all it holds; a missing one is fine.</summary>
    ValueTask DeleteTree(string path);

    /// <summary>Makes a file's bytes and length durable. A missing file is an error.</summary>
    ValueTask FlushFile(string path);

    /// <summary>Makes the names in a directory durable.</summary>
    ValueTask FlushDirectory(string path);
}

/// <summary>A name in a directory.</summary>
internal readonly record struct DiskEntry(string Name, bool IsDirectory);

/// <summary>A file that only grows. One user at a time.</summary>
internal interface IAppendFile : IAsyncDisposable
{
    /// <summary>Bytes in the file.</summary>
    long Length { get; }

    /// <summary>Adds bytes at the end; not durable before <see cref="Flush"/>.</summary>
    ValueTask Append(ReadOnlyMemory<byte> bytes);

    /// <summary>Makes all appended bytes durable.</summary>
    ValueTask Flush();

    /// <summary>Cuts the file; not durable before <see cref="Flush"/>.</summary>
    ValueTask Truncate(long length);
}
