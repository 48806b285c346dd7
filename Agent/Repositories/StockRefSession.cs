using System.Collections.Immutable;
using System.Text;
using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>
/// A transaction of <c>git update-ref --stdin -z</c>. Its end needs no signal: when the pipe closes (we died), git
/// aborts and removes its locks; a commit under way runs to its end first, and a later run of the agent waits for that.
/// </summary>
internal sealed class StockRefSession(GitProcess process, GitChild child, IDisposable slot) : IRefSession
{
    private readonly byte[] _line = new byte[256];
    private int _lineLength;
    private bool _isDone;

    public GitChild Child => child;

    public async Task<string?> Prepare(ImmutableArray<RefUpdate> updates, CancellationToken cancellation)
    {
        var text = new StringBuilder("start\0");
        foreach (var update in updates)
        {
            if (update.IsDelete) text.Append($"delete {update.Name}\0{update.Old}\0");
            else if (update.IsCreate) text.Append($"create {update.Name}\0{update.New}\0");
            else text.Append($"update {update.Name}\0{update.New}\0{update.Old}\0");
        }
        text.Append("prepare\0");
        await process.TryWrite(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
        var isHeld = await ReadLine(cancellation) == "start: ok" && await ReadLine(cancellation) == "prepare: ok";
        slot.Dispose();
        if (isHeld) return null;
        var (code, words) = await process.WaitForExit(cancellation);
        return words.Length > 0 ? words : $"git update-ref ended with {code}";
    }

    public Task Commit(CancellationToken cancellation) => End("commit", cancellation);

    public Task Abort(CancellationToken cancellation) => End("abort", cancellation);

    public ValueTask DisposeAsync()
    {
        slot.Dispose();
        // Once the locks are gone, nobody needs to wait for its exit.
        if (!_isDone) return process.DisposeAsync();
        process.LetGo();
        return ValueTask.CompletedTask;
    }

    private async Task End(string command, CancellationToken cancellation)
    {
        await process.TryWrite(Encoding.ASCII.GetBytes(command + "\0"), cancellation);
        var answer = await ReadLine(cancellation);
        if (answer == command + ": ok")
        {
            _isDone = true;
            return;
        }
        var (code, words) = await process.WaitForExit(cancellation);
        throw new GitException($"git update-ref did not {command} (exit {code}): {words}");
    }

    // Git answers one short line to each command; null at the end of its output.
    private async Task<string?> ReadLine(CancellationToken cancellation)
    {
        while (true)
        {
            var end = _line.AsSpan(0, _lineLength).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = Encoding.ASCII.GetString(_line, 0, end);
                _line.AsSpan((end + 1).._lineLength).CopyTo(_line);
                _lineLength -= end + 1;
                return line;
            }
            if (_lineLength == _line.Length) return null;
            var read = await process.Output.ReadAsync(_line.AsMemory(_lineLength), cancellation);
            if (read == 0) return null;
            _lineLength += read;
        }
    }
}
