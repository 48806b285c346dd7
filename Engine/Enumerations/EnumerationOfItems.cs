using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using Aedile.Engine.Activations;
using Aedile.Engine.Turns;

namespace Aedile.Engine.Enumerations;

/// <summary>
/// An enumeration of <typeparamref name="T"/>: it runs the grain's iterator only while somebody asks for items, and at
/// most to the one behind the page.
/// </summary>
internal sealed class Enumeration<T> : Enumeration
{
    private readonly Activation _activation;
    private readonly EnumerationTable _table;
    private readonly Guid _id;
    private readonly int _batchSize;
    private readonly IAsyncEnumerator<T> _items;
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource? _interrupted;
    private Task<bool>? _moving;
    private ExceptionDispatchInfo? _failure;
    private Task? _ending;

    /// <param name="activation">Whose it is.</param>
    /// <param name="table">Forgets it when it is over.</param>
    /// <param name="id">Its name there.</param>
    /// <param name="batchSize">Items of a page.</param>
    /// <param name="make">Calls the grain's method with the token of the enumeration.</param>
    public Enumeration(
        Activation activation, EnumerationTable table, Guid id, int batchSize,
        Func<CancellationToken, IAsyncEnumerable<T>> make)
    {
        (_activation, _table, _id, _batchSize) = (activation, table, id, batchSize);
        UsedAt = activation.Silo.Clock.GetTimestamp();
        var made = make(_stop.Token) ?? throw new InvalidOperationException("The method returned null to enumerate.");
        _items = made.GetAsyncEnumerator(_stop.Token);
    }

    /// <summary>Collects the items that are there, or waits for one.</summary>
    /// <param name="patience">How long it waits; then it answers that there is none yet.</param>
    /// <param name="stop">The caller wants no more.</param>
    /// <exception cref="Exception">What the iterator threw, after the items before it.</exception>
    public async Task<Page<T>> Take(TimeSpan patience, CancellationToken stop)
    {
        if (IsBusy) throw new InvalidOperationException("MoveNextAsync was called while an earlier one still ran.");
        IsBusy = true;
        try
        {
            return await TakePage(patience, stop);
        }
        catch
        {
            await End();
            throw;
        }
        finally
        {
            IsBusy = false;
            UsedAt = _activation.Silo.Clock.GetTimestamp();
        }
    }

    public override void Interrupt() => _interrupted?.TrySetResult();

    public override Task End() => _ending ??= CleanUp();

    public override void Dispose() => _stop.Dispose();

    private async Task<Page<T>> TakePage(TimeSpan patience, CancellationToken stop)
    {
        _failure?.Throw();
        var page = ImmutableArray.CreateBuilder<T>();
        try
        {
            while (page.Count < _batchSize)
            {
                if (!TryMove(out var hasItem))
                {
                    if (page.Count > 0) break;
                    if (await Wait(patience, stop) is { } instead) return instead;
                    continue;
                }

                if (!hasItem)
                {
                    await End();
                    return new Page<T>(PageStatus.Completed, page.ToImmutable());
                }

                page.Add(_items.Current);
            }
        }
        catch (Exception error) when (page.Count > 0)
        {
            _failure = ExceptionDispatchInfo.Capture(error); // First the items that were there before it.
        }

        return new Page<T>(PageStatus.More, page.ToImmutable());
    }

    /// <returns>False when the iterator is still on its way to the next item.</returns>
    private bool TryMove(out bool hasItem)
    {
        hasItem = false;
        if (_moving is null)
        {
            var move = _items.MoveNextAsync();
            if (move.IsCompleted)
            {
                hasItem = move.GetAwaiter().GetResult();
                return true;
            }

            _moving = move.AsTask();
        }

        if (!_moving.IsCompleted) return false;
        var moved = _moving;
        _moving = null;
        hasItem = moved.GetAwaiter().GetResult();
        return true;
    }

    /// <summary>Waits for the iterator.</summary>
    /// <returns>What to answer instead of an item; null: go on.</returns>
    private async Task<Page<T>?> Wait(TimeSpan patience, CancellationToken stop)
    {
        // Not by cancelling the delay: its task would hand what waits for it to the thread pool, and a simulated run
        // could not be repeated.
        var interrupted = new TaskCompletionSource(Continuations.Elsewhere);
        _interrupted = interrupted;
        using var stopped = stop.UnsafeRegister(
            static wake => ((TaskCompletionSource)wake!).TrySetResult(), interrupted);
        using var over = new CancellationTokenSource();
        await Task.WhenAny(_moving!, Task.Delay(patience, _activation.Silo.Clock, over.Token), interrupted.Task);
        _interrupted = null;
        over.Cancel();
        if (_ending is not null) return Page<T>.Missing;
        if (_moving!.IsCompleted) return null;
        stop.ThrowIfCancellationRequested();
        return interrupted.Task.IsCompleted ? Page<T>.Missing : Page<T>.Waiting;
    }

    private async Task CleanUp()
    {
        var silo = _activation.Silo;
        Interrupt();
        try
        {
            StopIterator();

            // An iterator that doesn't listen to its token must not keep the activation for ever.
            if (_moving is { } moving)
                await Task.WhenAny(moving, Task.Delay(silo.ResponseTimeout, silo.Clock, CancellationToken.None));
            if (_moving is null or { IsCompleted: true }) await _items.DisposeAsync();
            else silo.Log.IteratorLeft(_activation.GrainId, silo.ResponseTimeout);
        }
        catch (Exception error)
        {
            silo.Log.EnumerationFailedToEnd(error, _activation.GrainId);
        }

        _table.Remove(_id);
    }

    // Inside of this turn: the grain's callbacks on its token are its code.
    private void StopIterator()
    {
        try
        {
            _stop.Cancel();
        }
        catch (AggregateException error)
        {
            _activation.Silo.Log.EnumerationFailedToEnd(error, _activation.GrainId);
        }
    }
}
