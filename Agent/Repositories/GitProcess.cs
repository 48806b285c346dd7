using System.Diagnostics;
using System.Text;

namespace Aedile.Agent.Repositories;

/// <summary>A running git child: its pipes, its last words, its end.</summary>
internal sealed class GitProcess : IAsyncDisposable
{
    private const int WordsMax = 8192;
    private static readonly TimeSpan TermGrace = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly TimeProvider _clock;
    private readonly Task<string> _words;
    private bool _isInputClosed;

    private GitProcess(Process process, TimeProvider clock)
    {
        (_process, _clock) = (process, clock);
        Input = process.StandardInput.BaseStream;
        Output = process.StandardOutput.BaseStream;
        _words = ReadWords(process.StandardError.BaseStream);
    }

    public int Pid => _process.Id;
    public Stream Input { get; }
    public Stream Output { get; }

    /// <summary>Starts a child from the calling thread.</summary>
    /// <exception cref="GitException">The program can't be started.</exception>
    public static GitProcess Start(ProcessStartInfo start, TimeProvider clock)
    {
        try { return new GitProcess(Process.Start(start)!, clock); }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new GitException($"'{start.FileName}' can't be started: {e.Message}", e);
        }
    }

    /// <summary>Takes over a child that was started elsewhere.</summary>
    public static GitProcess Adopt(Process process, TimeProvider clock) => new(process, clock);

    /// <summary>The child's identity.</summary>
    public GitChild Identify(string bootId) => new(Pid, MachineBoot.ReadStartTicks(Pid) ?? 0, bootId);

    /// <summary>
    /// Tells the child that nothing more comes. Errors of a child that is gone are heard at its exit.
    /// </summary>
    public void CloseInput()
    {
        if (_isInputClosed) return;
        _isInputClosed = true;
        try { Input.Dispose(); }
        catch (IOException) { } // It has ended without reading all; its exit code says more.
    }

    /// <summary>Writes to the child; false when it no longer reads.</summary>
    public async Task<bool> TryWrite(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (_isInputClosed) return false;
        try
        {
            await Input.WriteAsync(bytes, cancellation);
            await Input.FlushAsync(cancellation);
            return true;
        }
        catch (IOException) { return false; } // EPIPE: it has ended; its exit code says more.
    }

    /// <summary>Waits for the end. The exit code and what it said on its error stream.</summary>
    public async Task<(int Code, string Words)> WaitForExit(CancellationToken cancellation)
    {
        CloseInput();
        await _process.WaitForExitAsync(cancellation);
        return (_process.ExitCode, await _words);
    }

    /// <summary>Ends the child if it still runs: SIGTERM, after which git removes its locks, then SIGKILL.</summary>
    public ValueTask DisposeAsync() => End(TimeSpan.Zero);

    /// <summary>Leaves a child alone that has done its work and is about to end; it is reaped when it does.</summary>
    public void LetGo() => _ = End(TermGrace).AsTask();

    private async ValueTask End(TimeSpan patience)
    {
        CloseInput();
        if (!await HasExited(patience))
        {
            PosixSignals.SendTerminate(Pid);
            if (!await HasExited(TermGrace))
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }
        }
        _process.Dispose();
    }

    private async Task<bool> HasExited(TimeSpan patience)
    {
        if (_process.HasExited) return true;
        if (patience == TimeSpan.Zero) return false;
        try { await _process.WaitForExitAsync().WaitAsync(patience, _clock); }
        catch (TimeoutException) { return false; }
        return true;
    }

    private static async Task<string> ReadWords(Stream error)
    {
        var buffer = new byte[WordsMax];
        var rest = new byte[1024];
        var length = 0;
        try
        {
            while (true)
            {
                var room = length < WordsMax ? buffer.AsMemory(length) : rest;
                var read = await error.ReadAsync(room);
                if (read == 0) break;
                if (length < WordsMax) length += read;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException) { } // The child was given up.
        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }
}
