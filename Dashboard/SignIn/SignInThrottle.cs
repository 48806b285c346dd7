using System.Net;

namespace Aedile.Dashboard.SignIn;

/// <summary>
/// Slows down guessing: five failed attempts a minute from one address. A token can't be guessed at any rate; this
/// keeps the log readable and the processor free. Addresses don't lock out each other.
/// </summary>
internal sealed class SignInThrottle(TimeProvider clock)
{
    internal const int AttemptsPerWindow = 5;
    internal const int AddressesMax = 1_000;
    internal static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Attempts> _byAddress = [];

    /// <summary>Counts an attempt before it is checked, so that parallel ones can't slip through.</summary>
    public bool TryBegin(IPAddress? address)
    {
        var key = Key(address);
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_byAddress.TryGetValue(key, out var attempts) || now - attempts.Start >= Window)
            {
                attempts = new Attempts(now, 0);
                MakeRoom(now);
            }
            if (attempts.Count >= AttemptsPerWindow) return false;
            _byAddress[key] = attempts with { Count = attempts.Count + 1 };
            return true;
        }
    }

    /// <summary>A good token clears what its address did before.</summary>
    public void Succeeded(IPAddress? address)
    {
        lock (_gate) _byAddress.Remove(Key(address));
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (_byAddress.Count < AddressesMax) return;
        foreach (var (address, attempts) in _byAddress)
        {
            if (now - attempts.Start >= Window) _byAddress.Remove(address);
        }
        // A flood from more addresses than that is not slowed by counting addresses: forget all and stay small.
        if (_byAddress.Count >= AddressesMax) _byAddress.Clear();
    }

    // One customer of IPv6 has 2^64 addresses at least: count the network.
    private static IPAddress Key(IPAddress? address)
    {
        if (address is null) return IPAddress.None;
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? address : new IPAddress([.. bytes.AsSpan(0, 8), .. new byte[8]]);
    }

    private readonly record struct Attempts(DateTimeOffset Start, int Count);
}
