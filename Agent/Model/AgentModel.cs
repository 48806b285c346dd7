using System.Threading.Channels;
using Aedile.Client.Fleet;
using Aedile.Client.Model.Copies;

namespace Aedile.Agent.Model;

/// <summary>
/// This agent's copy of the model: <see cref="Current"/> is there without any silo, from the disk. Sessions bring it up
/// to date, one at a time.
/// </summary>
internal sealed class AgentModel
{
    // Writes that come closer are one: the silo sends again what a lost copy lacks.
    private static readonly TimeSpan SavePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DiskPause = TimeSpan.FromSeconds(10);

    private readonly CopyFile _file;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly Channel<bool> _unsaved = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile CopyIntake _intake;
    private long _since;
    private long _heardAt;

    private AgentModel(CopyFile file, ModelCopy copy, TimeProvider clock, ILogger log)
    {
        (_file, _clock, _log) = (file, clock, log);
        _intake = CopyIntake.Of(copy);
        _since = _heardAt = clock.GetTimestamp();
    }

    /// <summary>The newest copy. Take it once for what belongs together.</summary>
    public ModelCopy Current => _intake.Copy;

    /// <summary>
    /// How long ago the silo, or the disk, last said where the copy must stand; grows while there is no silo.
    /// </summary>
    public TimeSpan Age => _clock.GetElapsedTime(Interlocked.Read(ref _heardAt));

    /// <summary>Reads the copy from disk; one that can't be trusted is set aside, and there is none then.</summary>
    /// <exception cref="IOException">The disk doesn't give it.</exception>
    public static async Task<AgentModel> Open(CopyFile file, TimeProvider clock, ILogger log)
    {
        var (copy, fault) = await file.Load();
        if (fault is not null) log.CopySetAside(fault);
        else log.CopyLoaded(copy.Index, copy.Count);
        return new AgentModel(file, copy, clock, log);
    }

    /// <summary>A session begins: what it is asked for.</summary>
    public SessionMessage.CopyWanted Begin()
    {
        _intake = CopyIntake.Of(Current);
        return new SessionMessage.CopyWanted(Current.Point);
    }

    /// <summary>A piece came. By the session's listener only.</summary>
    /// <returns>What to answer; null for nothing.</returns>
    public SessionMessage.CopyWanted? Take(SessionMessage.CopyPiece piece) => Take(_intake.Take(piece, Since));

    /// <summary>A mark came. By the session's listener only.</summary>
    /// <returns>What to answer; null for nothing.</returns>
    public SessionMessage.CopyWanted? Take(SessionMessage.CopyMark mark) => Take(_intake.Take(mark, Since));

    /// <summary>Keeps the newest copy on disk until it is told to stop; once more then.</summary>
    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await _unsaved.Reader.ReadAsync(stopping);
                await Save();
                await Task.Delay(SavePause, _clock, stopping);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // The copy in memory is right; the disk is tried again.
                _log.CopyNotSaved(error);
                _unsaved.Writer.TryWrite(true);
                if (!await Waited(stopping)) break;
            }
        }

        if (_unsaved.Reader.TryRead(out _)) await SaveLast();
    }

    private TimeSpan Since => _clock.GetElapsedTime(Interlocked.Read(ref _since));

    private SessionMessage.CopyWanted? Take((CopyIntake Next, CopyNews News) taken)
    {
        var (timeline, index) = (Current.Timeline, Current.Index);
        _intake = taken.Next;
        Interlocked.Exchange(ref _heardAt, _clock.GetTimestamp());
        switch (taken.News)
        {
            case CopyNews.Changed:
                if ((timeline, index) != (Current.Timeline, Current.Index))
                    Interlocked.Exchange(ref _since, _clock.GetTimestamp());
                if (timeline != Current.Timeline) _log.CopyIsOfAnotherHistory(Current.Timeline, Current.Index);
                _unsaved.Writer.TryWrite(true);
                return null;
            case CopyNews.AskAll:
                _log.CopyAskedWhole(index);
                return new SessionMessage.CopyWanted(CopyPoint.Nothing);
            case CopyNews.Broken:
                _log.CopyBroken();
                return null;
            default:
                return null;
        }
    }

    private Task Save() => _file.Save(Current);

    private async Task SaveLast()
    {
        try { await Save(); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log.CopyNotSaved(error);
        }
    }

    private async Task<bool> Waited(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(DiskPause, _clock, stopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
