using System.Globalization;
using System.Security.Cryptography;

namespace Aedile.Tests.Support;

/// <summary>Chance for tests: one seed a run, printed with every failure, repeated with <c>AEDILE_SEED=N</c>.</summary>
public sealed class Seed
{
    private Seed(int value)
    {
        Value = value;
        Chance = new Random(value);
    }

    /// <summary>The seed.</summary>
    public int Value { get; }

    /// <summary>Source of chance that the seed determines.</summary>
    public Random Chance { get; }

    /// <summary>Whether this is <c>./test long</c>.</summary>
    public static bool IsLong => Environment.GetEnvironmentVariable("AEDILE_LONG") is "1";

    /// <summary>How often to repeat: the usual number, or 20 times as often in <c>./test long</c>.</summary>
    public static int Rounds(int usual) => IsLong ? usual * 20 : usual;

    /// <summary>A seed of the environment or of chance; the test's output, shown when it fails, names it.</summary>
    public static Seed Take()
    {
        var text = Environment.GetEnvironmentVariable("AEDILE_SEED");
        var value = text is null
            ? RandomNumberGenerator.GetInt32(int.MaxValue)
            : int.Parse(text, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"AEDILE_SEED={value}");
        return new Seed(value);
    }

    /// <summary>Random bytes that no compression shrinks.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Chance.NextBytes(bytes);
        return bytes;
    }
}
