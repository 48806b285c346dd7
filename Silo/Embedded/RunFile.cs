using System.Text.Json;
using Aedile.Client;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Embedded;

/// <summary>
/// <c>run.json</c>: the running processes, for people and tests. A JSON array, replaced as a whole whenever a process
/// starts or ends.
/// </summary>
internal sealed class RunFile(string path)
{
    private readonly Lock _gate = new();

    /// <summary>Writes the processes that run now.</summary>
    public void Write(IEnumerable<Child> children)
    {
        // Two children may end at once; the file is replaced by one at a time.
        lock (_gate)
        {
            var entries = children.Where(c => c.Pid is not null)
                .Select(c => new Entry(
                    c.Spec.Name, c.Spec.Role, c.Pid!.Value, c.Spec.Address.GetLeftPart(UriPartial.Authority)));
            DurableFile.Write(
                path, JsonSerializer.SerializeToUtf8Bytes(entries, Wire.Json),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    private sealed record Entry(string Name, string Role, int Pid, string Address);
}
