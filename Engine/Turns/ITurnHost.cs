namespace Aedile.Engine.Turns;

/// <summary>Where a call is served, and can be told something meanwhile: an activation, or an observer.</summary>
internal interface ITurnHost
{
    /// <summary>Runs work soon, beside the calls but under the host's own rules. Any thread.</summary>
    void Post(Action work);
}
