using System.Collections.Immutable;
using Aedile.Client.Fleet;
using Aedile.Client.Model.Copies;
using Aedile.Grains.Model;
using Aedile.Silo.Model.Copies;

namespace Aedile.Silo.Gateway.Fleet;

/// <summary>
/// One agent's copy of the model, as its session sends it. Nothing waits in line for a slow agent: what to send next is
/// asked when the last piece is on its way, from where the agent stands.
/// </summary>
internal sealed class SessionCopy(CopyFeed feed, CopyScope scope, NodeSession session) : IDisposable
{
    private const int PieceCharactersMax = 32 * 1024;

    // Names of kinds and ids have 63 characters at most.
    private const int KeyCharactersMax = 128;

    private IDisposable? _watching;
    private CopyPoint? _wanted;
    private CopyPoint? _sent;
    private int _isMarkDue;

    /// <summary>The agent says where it stands.</summary>
    public void Want(CopyPoint has)
    {
        Interlocked.Exchange(ref _wanted, has);
        _watching ??= feed.Watch(scope, session.WakeCopy);
        session.WakeCopy();
    }

    /// <summary>It is time to say how far the copy must be.</summary>
    public void MarkIsDue()
    {
        if (Interlocked.Exchange(ref _isMarkDue, 1) == 0) session.WakeCopy();
    }

    /// <summary>What to send now, piece by piece, each made when it is asked for. One reader at a time.</summary>
    public IEnumerable<SessionMessage> Next()
    {
        while (true)
        {
            var wanted = Interlocked.Exchange(ref _wanted, null);
            if (wanted is not null) _sent = wanted;
            if (_sent is null) yield break;
            if (feed.Read(scope, _sent) is { } step)
            {
                // Before the pieces: if the session ends among them, nobody asks again.
                _sent = step.End;
                foreach (var piece in Pieces(step)) yield return piece;
                continue;
            }

            // One that asks hears at once where it stands.
            if (Interlocked.Exchange(ref _isMarkDue, 0) == 1 || wanted is not null)
                yield return new SessionMessage.CopyMark(feed.Stand(scope));
            if (Volatile.Read(ref _wanted) is null) yield break;
        }
    }

    public void Dispose() => _watching?.Dispose();

    private IEnumerable<SessionMessage> Pieces(CopyStep step)
    {
        var isWhole = step.Whole is not null;
        var removed = step.Changed.Where(one => one.Value is null).Select(one => one.Key).ToList();
        foreach (var keys in removed.Chunk(PieceCharactersMax / KeyCharactersMax))
            yield return new SessionMessage.CopyPiece(isWhole, [], [.. keys], null);
        var piece = ImmutableArray.CreateBuilder<CopiedEntity>();
        var characters = 0;
        foreach (var entity in isWhole ? All(step.Whole!) : step.Changed.Values.OfType<CopiedEntity>())
        {
            if (characters > 0 && characters + entity.Text.Length > PieceCharactersMax)
            {
                yield return new SessionMessage.CopyPiece(isWhole, piece.DrainToImmutable(), [], null);
                characters = 0;
            }

            piece.Add(entity);
            characters += entity.Text.Length;
        }

        yield return new SessionMessage.CopyPiece(
            isWhole, piece.DrainToImmutable(), [], step.End with { AgeMs = feed.AgeMs });
    }

    private IEnumerable<CopiedEntity> All(ModelState state) => ScopeContent.Of(state, scope).Select(feed.Copy);
}
