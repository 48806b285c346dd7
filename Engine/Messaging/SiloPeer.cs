using Aedile.Engine.Turns;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>Another silo, seen from this one: the link with it, made when it is needed.</summary>
/// <remarks>
/// When both silos dial at once there are two links. Both keep the one that the lower address dialled, and retire the
/// other, so that nothing on it is lost.
/// </remarks>
internal sealed class SiloPeer(SiloAddress self, SiloAddress other, Func<SiloAddress, Task<PeerLink>> dial)
{
    private readonly Lock _lock = new();
    private readonly List<PeerLink> _links = [];
    private volatile PeerLink? _preferred;
    private Task<PeerLink>? _dialling;
    private long _framesOfEnded;
    private bool _isDead;
    private volatile bool _isCutOff;

    /// <summary>
    /// Whether the network carried nothing there when it was tried last, instead of refusing: others may reach it.
    /// </summary>
    public bool IsCutOff => _isCutOff;

    /// <summary>The link for what is new; null: there is none now.</summary>
    public PeerLink? Link => _preferred;

    /// <summary>Whether it died or left: it gets no link any more.</summary>
    public bool IsDead
    {
        get
        {
            lock (_lock) return _isDead;
        }
    }

    /// <summary>How many frames have come from it, on whatever link: while this grows, it runs.</summary>
    public long FramesReceived
    {
        get
        {
            lock (_lock) return _framesOfEnded + _links.Sum(static link => link.FramesReceived);
        }
    }

    /// <summary>Returns the link, after dialling if there is none. Dials once for all who ask.</summary>
    /// <exception cref="IOException">As the result: the silo can't be reached now.</exception>
    /// <exception cref="SiloUnavailableException">As the result: the silo is dead.</exception>
    public Task<PeerLink> Connect()
    {
        lock (_lock)
        {
            if (_isDead) return Task.FromException<PeerLink>(Dead());
            if (_preferred is { } link) return Task.FromResult(link);
            if (_dialling is { IsCompleted: false } running) return running;
            using var _ = FlowSuppression.Begin();
            return _dialling = Dial();
        }
    }

    /// <summary>Takes a link that either end has dialled.</summary>
    /// <returns>False when the silo is dead: the link must end.</returns>
    public bool Add(PeerLink link)
    {
        PeerLink? retired = null;
        lock (_lock)
        {
            if (_isDead) return false;
            _links.Add(link);
            _isCutOff = false;
            if (_preferred is not { } before) _preferred = link;
            else if (IsOfLower(before) && !IsOfLower(link)) retired = link;
            else (_preferred, retired) = (link, before); // Of two by one dialler, the newer one surely lives.
        }

        retired?.Retire();
        return true;
    }

    /// <summary>Uses a link for nothing new any more.</summary>
    public void Remove(PeerLink link)
    {
        lock (_lock)
        {
            if (link.HasEnded && _links.Remove(link)) _framesOfEnded += link.FramesReceived;
            if (_preferred == link) _preferred = _links.FirstOrDefault(other => other.IsOpen);
        }
    }

    /// <summary>Ends all links in good order.</summary>
    public void Retire()
    {
        foreach (var link in Links()) link.Retire();
    }

    /// <summary>Ends all links at once and makes no new one: the silo is dead.</summary>
    public void Abandon()
    {
        Forget();
        foreach (var link in Links()) link.Close(Dead());
    }

    /// <summary>Makes no new link: the silo has left. Those there are end when all on them is answered.</summary>
    public void Release()
    {
        Forget();
        Retire();
    }

    public IReadOnlyList<PeerLink> Links()
    {
        lock (_lock) return [.. _links];
    }

    private async Task<PeerLink> Dial()
    {
        try
        {
            return await dial(other);
        }
        catch (IOException error)
        {
            _isCutOff = error is not (ConnectionRefusedException or GreetingException { IsSilence: false });
            throw;
        }
    }

    private void Forget()
    {
        lock (_lock)
        {
            _isDead = true;
            _preferred = null;
        }
    }

    private bool IsOfLower(PeerLink link) => link.IsDialled == self.CompareTo(other) < 0;

    private SiloUnavailableException Dead() => new($"Silo {other} was declared dead.");
}
