using System.Text;
using Aedile.Engine.Serialization;
using Orleans.Runtime;

namespace Aedile.Engine.Messaging;

/// <summary>The first frame of either end of a link: who it is and what it takes the other one for.</summary>
/// <param name="ClusterId">The silos that share one membership.</param>
/// <param name="ServiceId">The owner of the stored state.</param>
/// <param name="Silo">The silo that greets; null: a client does.</param>
/// <param name="Client">The client's id; empty: a silo greets.</param>
/// <param name="Expected">The silo that the sender means to reach; null: any.</param>
/// <param name="SentAt">The sender's clock.</param>
internal sealed record Greeting(
    string ClusterId, string ServiceId, SiloAddress? Silo, string Client, SiloAddress? Expected, DateTimeOffset SentAt)
{
    private const int LengthMax = 4 * 1024;
    private const byte IsGreeting = 1, IsRefusal = 2, IsDeathNotice = 3;

    /// <summary>The version of the protocol. Ends of different versions refuse each other.</summary>
    private const byte Version = 1;

    private static ReadOnlySpan<byte> Marker => "AEDILE"u8;

    /// <summary>For messages.</summary>
    public string Name => Silo is not null ? $"silo {Silo}" : $"client {Client}";

    public ReadOnlyMemory<byte> ToFrame()
    {
        var writer = Begin(IsGreeting);
        writer.Text(ClusterId);
        writer.Text(ServiceId);
        writer.Text(Silo?.ToParsableString() ?? "");
        writer.Text(Client);
        writer.Text(Expected?.ToParsableString() ?? "");
        writer.Fixed64((ulong)SentAt.UtcTicks);
        return writer.Written;
    }

    /// <summary>Returns the frame that says why the link ends.</summary>
    public static ReadOnlyMemory<byte> RefusalFrame(string reason)
    {
        var writer = Begin(IsRefusal);
        writer.Text(reason.Length <= 512 ? reason : reason[..512]);
        return writer.Written;
    }

    /// <summary>Returns the frame that tells a silo that it was declared dead, and that the link ends.</summary>
    public static ReadOnlyMemory<byte> DeathNoticeFrame() => Begin(IsDeathNotice).Written;

    /// <exception cref="GreetingException">It is no greeting of this protocol, or the other end refuses.</exception>
    public static Greeting Parse(ReadOnlyMemory<byte> frame)
    {
        var bytes = frame.Span;
        if (bytes.Length < Marker.Length + 2 || !bytes.StartsWith(Marker)) throw Stranger(bytes);
        var version = bytes[Marker.Length];
        if (version != Version)
            throw new GreetingException($"it speaks version {version} of the protocol, this end version {Version}.");
        try
        {
            var reader = new WireReader(frame[(Marker.Length + 2)..], new WireLimits(LengthMax, 1));
            return bytes[Marker.Length + 1] switch
            {
                IsGreeting => Read(reader),
                IsRefusal => throw new GreetingException($"the other end refuses: {reader.Text()}"),
                IsDeathNotice => throw new GreetingException("the other end says that this silo was declared dead.")
                {
                    IsDeathNotice = true,
                },
                _ => throw new GreetingException("it begins with neither a greeting nor a refusal."),
            };
        }
        catch (Exception error) when (error is WireException or FormatException or ArgumentException)
        {
            throw new GreetingException($"its greeting is malformed: {error.Message}");
        }
    }

    private static Greeting Read(WireReader reader) => new(
        reader.Text(), reader.Text(), ReadSilo(reader), reader.Text(), ReadSilo(reader),
        new DateTimeOffset((long)reader.Fixed64(), TimeSpan.Zero));

    private static SiloAddress? ReadSilo(WireReader reader) =>
        reader.Text() is { Length: > 0 } text ? SiloAddress.Parse(text) : null;

    private static WireWriter Begin(byte what)
    {
        var writer = new WireWriter(new WireLimits(LengthMax, 1));
        writer.Raw(Marker);
        writer.Raw([Version, what]);
        return writer;
    }

    // The preamble of the official packages has the same length prefix and holds the text form of an Orleans
    // protocol's identities; whoever mixes the two should read so, instead of "unknown protocol".
    private static GreetingException Stranger(ReadOnlySpan<byte> bytes) =>
        bytes.IndexOf("sys.client"u8) >= 0 || bytes.IndexOf("sys.silo"u8) >= 0
            || bytes.IndexOf("hosted-client"u8) >= 0
            ? new GreetingException(
                "it is a client or silo of the official Orleans packages, which can't speak to the bundled engine: "
                + "build both sides with the same engine.")
            {
                IsOtherEngine = true,
            }
            : new GreetingException($"it speaks another protocol (its first bytes are {Show(bytes)}).");

    private static string Show(ReadOnlySpan<byte> bytes)
    {
        var shown = new StringBuilder("'");
        foreach (var b in bytes[..Math.Min(bytes.Length, 16)]) shown.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
        return shown.Append('\'').ToString();
    }
}
