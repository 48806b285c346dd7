namespace Aedile.Engine.Messaging;

/// <summary>The clients that are connected to a silo. Thread-safe.</summary>
internal sealed class ClientRoster
{
    private readonly List<PeerLink> _links = [];
    private readonly Dictionary<string, PeerLink> _newest = new(StringComparer.Ordinal);

    /// <summary>All links, in the order in which they came.</summary>
    public IReadOnlyList<PeerLink> All
    {
        get
        {
            lock (_links) return [.. _links];
        }
    }

    public void Add(PeerLink link)
    {
        lock (_links)
        {
            _links.Add(link);

            // A client that comes back may have left a link behind that has not broken yet.
            _newest[link.Peer.Client] = link;
        }
    }

    public void Remove(PeerLink link)
    {
        lock (_links)
        {
            if (!_links.Remove(link)) return;
            if (_newest.GetValueOrDefault(link.Peer.Client) != link) return;
            if (_links.FindLast(other => other.Peer.Client == link.Peer.Client) is { } other)
                _newest[link.Peer.Client] = other;
            else _newest.Remove(link.Peer.Client);
        }
    }

    /// <summary>Returns the link on which a client can be sent something new; null: there is none.</summary>
    public PeerLink? Find(string client)
    {
        lock (_links) return _newest.GetValueOrDefault(client) is { IsOpen: true } link ? link : null;
    }
}
