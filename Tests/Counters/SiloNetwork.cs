using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Aedile.Engine.Messaging;
using Aedile.Tests.Support;
using Npgsql;

namespace Aedile.Tests.Counters;

/// <summary>
/// What is between counter silos, and between them and their database: a proxy before each silo and one for each way to
/// the database, so that any two of them can be cut from each other. Clients reach gateways past it.
/// </summary>
internal sealed class SiloNetwork : IAsyncDisposable
{
    /// <summary>The database, as an end of a cut.</summary>
    public const string Database = "database";

    /// <summary>A silo's own port is so far behind the one where others look for it.</summary>
    /// <remarks>Of the fleet's twenty ports, its silos and their gateways have the first ten.</remarks>
    public const int Behind = 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Place> _places = [];
    private ImmutableDictionary<(string From, string To), Loss> _cuts =
        ImmutableDictionary<(string From, string To), Loss>.Empty;


    /// <summary>Puts a silo into the network, or finds where it is.</summary>
    /// <param name="silo">Its name.</param>
    /// <param name="siloPort">Where the others look for it.</param>
    /// <param name="connection">The database.</param>
    /// <returns>What its process must be told.</returns>
    public ImmutableDictionary<string, string> Join(string silo, int siloPort, string connection)
    {
        lock (_lock)
        {
            if (_places.TryGetValue(silo, out var known)) return known.Variables;
            var (listen, way) = (siloPort + Behind, siloPort + Behind + 1);
            var database = new NpgsqlConnectionStringBuilder(connection);
            var place = new Place(
                siloPort, new TcpProxy(siloPort, listen, NameOf), new TcpProxy(way, database.Port, _ => silo),
                ImmutableDictionary<string, string>.Empty
                    .Add(CounterSilo.ListenVariable, listen.ToString(CultureInfo.InvariantCulture))
                    .Add(CounterSilo.ConnectionVariable, new NpgsqlConnectionStringBuilder(connection)
                    {
                        Port = way,
                    }.ToString()));
            _places.Add(silo, place);
            return place.Variables;
        }
    }

    /// <summary>Loses what goes from one end to another, both ways.</summary>
    public void Cut(string one, string other, Loss loss) =>
        Apply(cuts => cuts.SetItem((one, other), loss).SetItem((other, one), loss));

    /// <summary>Loses what goes from one end to another; the other way is open.</summary>
    public void CutOneWay(string from, string to, Loss loss) => Apply(cuts => cuts.SetItem((from, to), loss));

    /// <summary>Loses nothing more. What was lost stays lost.</summary>
    public void Heal() => Apply(cuts => cuts.Clear());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var place in _places.Values)
        {
            await place.Silo.DisposeAsync();
            await place.Database.DisposeAsync();
        }
    }

    private void Apply(Func<
        ImmutableDictionary<(string From, string To), Loss>,
        ImmutableDictionary<(string From, string To), Loss>> change)
    {
        ImmutableDictionary<(string From, string To), Loss> cuts;
        List<KeyValuePair<string, Place>> places;
        lock (_lock) (cuts, places) = (_cuts = change(_cuts), [.. _places]);

        // Outside of the lock: the proxies' rules are asked under locks of their own.
        foreach (var (silo, place) in places)
        {
            place.Silo.Lose((from, up) => cuts.GetValueOrDefault(up ? (from, silo) : (silo, from)));
            place.Database.Lose((from, up) => cuts.GetValueOrDefault(up ? (from, Database) : (Database, from)));
        }
    }

    // A link begins with a greeting, which says which silo dials.
    private string? NameOf(ReadOnlyMemory<byte> first)
    {
        if (first.Length < FrameReader.PrefixLength) return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(first.Span);
        if (first.Length < FrameReader.PrefixLength + length) return null;
        var port = Greeting.Parse(first.Slice(FrameReader.PrefixLength, length)).Silo!.Endpoint.Port;
        lock (_lock) return _places.Single(place => place.Value.Port == port).Key;
    }

    private sealed record Place(
        int Port, TcpProxy Silo, TcpProxy Database, ImmutableDictionary<string, string> Variables);
}
