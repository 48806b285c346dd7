using System.Text;

namespace Aedile.Silo.Embedded;

/// <summary>What one child says, kept in a file of bounded size; the one before is kept too.</summary>
internal sealed class ChildLog : IDisposable
{
    /// <summary>A file that has grown past this is set aside as <c>NAME.log.1</c>.</summary>
    public const long BytesMax = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly string _path;
    private StreamWriter? _writer;

    public ChildLog(string path)
    {
        _path = path;
        _writer = Open();
    }

    /// <summary>Adds a line. Standard output and standard error come from two threads.</summary>
    public void Write(string line)
    {
        lock (_gate)
        {
            // The last words of a child may come after everything else has ended.
            if (_writer is null) return;
            if (_writer.BaseStream.Position > BytesMax)
            {
                _writer.Dispose();
                File.Move(_path, _path + ".1", overwrite: true);
                _writer = Open();
            }
            _writer.WriteLine(line);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _writer?.Dispose();
            _writer = null;
        }
    }

    private StreamWriter Open() => new(
        new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite), new UTF8Encoding(false))
    {
        AutoFlush = true,
    };
}
