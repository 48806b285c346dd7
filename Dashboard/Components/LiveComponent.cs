using System.Collections.Immutable;
using Aedile.Client.Identity;
using Aedile.Dashboard.Fleet;
using Aedile.Dashboard.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace Aedile.Dashboard.Components;

/// <summary>
/// A component that shows the fleet as it is: it loads once at first, then once a second until the user leaves. When
/// the truth can't be had it keeps what it showed. All data goes through <see cref="Ask"/>, so a session's end ends it.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _left = new();

    private readonly ImmutableArray<string> _needs;

    /// <summary>A component whose type says what it needs: see <see cref="NeedsAttribute"/>.</summary>
    protected LiveComponent() => _needs = NeedsAttribute.Of(GetType());

    [Inject] private IFleetView Fleet { get; set; } = null!;
    [Inject] private TimeProvider Clock { get; set; } = null!;
    [Inject] private Sessions Sessions { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [CascadingParameter] private Task<AuthenticationState> SignedIn { get; set; } = null!;

    /// <summary>When the shown data was true; null before the first.</summary>
    public DateTimeOffset? AsOf { get; private set; }

    /// <summary>Whether the newest attempt failed, so that what is shown is old.</summary>
    public bool IsStale { get; private set; }

    /// <summary>Whether it renews itself: false until the first tick, which a prerendered page never sees.</summary>
    public bool IsLive { get; private set; }

    /// <summary>Why the viewer may not see this; null while he may.</summary>
    public string? Forbidden { get; private set; }

    /// <summary>The time of now.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Ends when the user leaves.</summary>
    protected CancellationToken Left { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Fetches and keeps what is shown. A <see cref="TimeoutException"/> means: keep what was there.</summary>
    protected abstract Task Load();

    /// <summary>Asks the fleet for something, if the user may still see it; if not, he is sent to sign in.</summary>
    /// <exception cref="TimeoutException">The truth can't be had now.</exception>
    /// <exception cref="OperationCanceledException">The user left, or his session ended.</exception>
    protected Task<T> Ask<T>(Func<IFleetView, CancellationToken, Task<T>> question) =>
        AskAs((_, left) => question(Fleet, left));

    /// <summary>Asks something in the viewer's name, or does it.</summary>
    /// <exception cref="TimeoutException">The truth can't be had now.</exception>
    /// <exception cref="NotPermittedException">The viewer may not.</exception>
    /// <exception cref="OperationCanceledException">The user left, or his session ended.</exception>
    protected async Task<T> AskAs<T>(Func<Viewer, CancellationToken, Task<T>> question)
    {
        var viewer = Sessions.Find((await SignedIn).User);
        if (viewer is null)
        {
            await _left.CancelAsync();
            Navigation.NavigateTo(SignInEndpoints.Path, forceLoad: true);
        }
        Left.ThrowIfCancellationRequested();
        foreach (var kind in _needs)
        {
            if (!Sessions.May(viewer!, Need.Read(kind))) throw NotPermittedException.Lacks(kind, "read");
        }
        return await question(viewer!, Left);
    }

    /// <summary>Whether the viewer may do something now; what he may not is not offered.</summary>
    protected async Task<bool> May(Need need) =>
        Sessions.Find((await SignedIn).User) is { } viewer && Sessions.May(viewer, need);

    /// <summary>Loads at once and shows the result.</summary>
    protected async Task Refresh()
    {
        try
        {
            await Load();
            (AsOf, IsStale, Forbidden) = (Now, false, null);
        }
        catch (NotPermittedException error)
        {
            // What was shown before must go; the whole page, because it is not known whose parts these are.
            if (AsOf is not null) Navigation.NavigateTo(Navigation.Uri, forceLoad: true);
            Forbidden = error.Message;
        }
        catch (TimeoutException)
        {
            IsStale = true; // Keep the old data and say so: an empty table would lie.
        }
        StateHasChanged();
    }

    /// <inheritdoc/>
    protected override Task OnInitializedAsync()
    {
        Left = _left.Token;
        return Refresh();
    }

    /// <summary>
    /// Starts the polling after the first interactive render: a prerender must leave no timer behind.
    /// </summary>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender) _ = Poll();
    }

    /// <summary>Stops the polling.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        _left.Cancel();
        _left.Dispose();
    }

    private async Task Poll()
    {
        try
        {
            using var timer = new PeriodicTimer(Interval, Clock);
            while (await timer.WaitForNextTickAsync(Left))
            {
                IsLive = true;
                await InvokeAsync(Refresh);
            }
        }
        catch (OperationCanceledException) when (Left.IsCancellationRequested) { } // The user left the page.
        catch (Exception error)
        {
            await DispatchExceptionAsync(error); // Nobody awaits Poll, so show it.
        }
    }
}
