using System.Collections.Immutable;
using Aedile.Engine.Invocation;
using Orleans.Runtime;

namespace Aedile.Engine.Enumerations;

/// <summary>Enumerates what a grain's method yields, page by page. For one user at a time.</summary>
internal sealed class RemoteEnumerator<T> : IAsyncEnumerator<T>
{
    private readonly GrainReference _grain;
    private readonly EnumerationStart<T> _start;
    private readonly BoundMethod _method;
    private readonly CancellationTokenSource? _either;
    private readonly CancellationToken _stop;
    private ImmutableArray<T> _items = [];
    private int _at = -1;
    private bool _hasBegun;
    private bool _isOver;
    private bool _isDisposed;

    public RemoteEnumerator(
        GrainReference grain, EnumerationStart<T> start, BoundMethod method, CancellationToken enumerating)
    {
        (_grain, _start, _method) = (grain, start, method);
        if (start.Token.CanBeCanceled && enumerating.CanBeCanceled && start.Token != enumerating)
            _either = CancellationTokenSource.CreateLinkedTokenSource(start.Token, enumerating);
        _stop = _either?.Token ?? (enumerating.CanBeCanceled ? enumerating : start.Token);
    }

    public T Current
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _at >= 0 && _at < _items.Length
                ? _items[_at]
                : throw new InvalidOperationException("There is no item: MoveNextAsync has not returned true.");
        }
    }

    public ValueTask<bool> MoveNextAsync()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_at + 1 < _items.Length)
        {
            _at++;
            return new(true);
        }

        return _isOver ? new(false) : Fetch();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (_hasBegun && !_isOver) await End();
        _either?.Dispose();
    }

    private async ValueTask<bool> Fetch()
    {
        (_items, _at) = ([], -1);
        while (true)
        {
            _stop.ThrowIfCancellationRequested();
            var page = await Ask();
            _isOver = page.Status != PageStatus.More;
            if (page.Status == PageStatus.Missing)
            {
                throw new EnumerationAbortedException(
                    $"{_grain} doesn't know this enumeration any more: the grain was deactivated since it began, or "
                    + "its silo died, or nobody asked for the next page for too long.");
            }

            if (page.Items.IsEmpty && !_isOver) continue;
            (_items, _at) = (page.Items, 0);
            return !page.Items.IsEmpty;
        }
    }

    private async Task<Page<T>> Ask()
    {
        try
        {
            if (_hasBegun)
            {
                var next = new EnumerationNext<T> { Id = _start.Id, Token = _stop };
                return await _grain.Send(next, _method.Next!);
            }

            _hasBegun = true;
            _start.Id = _grain.Shape.Factory.NewId();
            _start.Token = _stop;
            return await _grain.Send(_start, _method);
        }
        catch (SiloUnavailableException)
        {
            _isOver = true; // There is nobody left to tell that it ends.
            throw;
        }
    }

    private async Task End()
    {
        try
        {
            await _grain.Send(new EnumerationEnd { Id = _start.Id }, _method.End!);
        }
        catch (Exception error)
        {
            // Whoever enumerated has what it wanted, or an error that says more; the grain ends it by itself.
            _grain.Shape.Factory.Log.EndUntold(_grain.GrainId, error.Message);
        }
    }
}
