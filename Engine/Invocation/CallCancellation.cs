using Aedile.Engine.Turns;

namespace Aedile.Engine.Invocation;

/// <summary>Carries the caller's wish to stop to the grain, as a turn of the grain.</summary>
/// <remarks>
/// The grain gets a token of its own: callbacks on the caller's token would run on the caller's thread, beside the
/// grain's turns. The caller's wait ends at once; what the grain does with the wish is its own affair.
/// </remarks>
internal sealed class CallCancellation : IDisposable
{
    private readonly Call _call;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _callee = new();
    private CancellationTokenRegistration _registration;

    private CallCancellation(Call call, CancellationToken caller)
    {
        _call = call;
        _caller = caller;
    }

    /// <summary>The activation or observer that serves the call, once it is there.</summary>
    public ITurnHost? Server { get; set; }

    /// <summary>Puts a token of its own in the place of the call's token.</summary>
    public static void Attach(Call call)
    {
        var cancellation = new CallCancellation(call, call.Token);
        call.Cancellation = cancellation;
        call.Token = cancellation._callee.Token;
        cancellation._registration = cancellation._caller.UnsafeRegister(
            static state => ((CallCancellation)state!).Cancel(), cancellation);
    }

    /// <summary>Gives a call that came from another process a token; <see cref="Cancel"/> cancels it.</summary>
    public static void AttachRemote(Call call)
    {
        call.Cancellation = new CallCancellation(call, CancellationToken.None);
        call.Token = call.Cancellation._callee.Token;
    }

    /// <summary>Ends the call as cancelled, and tells the grain.</summary>
    public void Cancel()
    {
        if (_call.Cancel(_caller)) Server?.Post(_callee.Cancel);
    }

    public void Dispose() => _registration.Unregister();
}
