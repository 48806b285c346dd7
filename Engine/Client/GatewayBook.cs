using System.Globalization;
using System.Net;
using System.Text;
using Aedile.Engine.Identity;

namespace Aedile.Engine.Client;

/// <summary>The gateways that a client knows: which are in use, and which failed. Thread-safe.</summary>
/// <param name="client">Its id: clients try gateways in different orders, so that no gateway gets them all.</param>
internal sealed class GatewayBook(string client)
{
    private readonly Lock _lock = new();
    private readonly List<Page> _pages = [];

    /// <summary>Takes in a new list. What is in use stays in use.</summary>
    public void Update(IEnumerable<IPEndPoint> gateways)
    {
        lock (_lock)
        {
            var listed = gateways.Distinct().ToList();
            _pages.RemoveAll(page => !page.IsInUse && !listed.Contains(page.Address));
            foreach (var address in listed.Where(address => !_pages.Exists(page => page.Address.Equals(address))))
                _pages.Add(new Page(address, RankOf(address)));
            _pages.Sort((left, right) => left.Rank.CompareTo(right.Rank));
        }
    }

    /// <summary>Picks the gateway that failed least among those not in use; null: there is none.</summary>
    public IPEndPoint? Claim()
    {
        lock (_lock)
        {
            var free = _pages.Where(page => !page.IsInUse).MinBy(page => page.Failures);
            if (free is null) return null;
            free.IsInUse = true;
            return free.Address;
        }
    }

    public void Worked(IPEndPoint gateway) => Change(gateway, page => page.Failures = 0);

    /// <summary>Gives a gateway back; it may be picked again.</summary>
    public void GiveBack(IPEndPoint gateway) => Change(gateway, page =>
    {
        page.IsInUse = false;
        page.Failures++;
    });

    private void Change(IPEndPoint gateway, Action<Page> change)
    {
        lock (_lock)
        {
            if (_pages.Find(page => page.Address.Equals(gateway)) is { } page) change(page);
        }
    }

    private uint RankOf(IPEndPoint gateway) => StableHash.Of(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{client} {gateway}")));

    private sealed class Page(IPEndPoint address, uint rank)
    {
        public IPEndPoint Address => address;

        public uint Rank => rank;

        public int Failures { get; set; }

        public bool IsInUse { get; set; }
    }
}
