using System.Collections.Immutable;

namespace Aedile.Tests.Engine;

/// <summary>A record with a member of nearly every type that crosses the wire.</summary>
[GenerateSerializer, Immutable, Alias("wire-everything")]
public sealed record WireEverything(
    bool Flag, byte Small, short Short, int Number, long Large, ulong Huge, float Single, double Real, decimal Money,
    char Letter, string? Text, Guid Id, TimeSpan Span, DateTimeOffset At, WireColour Colour, int? Maybe)
{
    [Id(16)]
    public ImmutableArray<string> Names { get; init; } = [];

    [Id(17)]
    public ImmutableDictionary<string, int> Counts { get; init; } = ImmutableDictionary<string, int>.Empty;

    [Id(18)]
    public ReadOnlyMemory<byte> Bytes { get; init; }

    [Id(19)]
    public WireShape? Shape { get; init; }

    [Id(20)]
    public WirePoint Point { get; init; }

    [Id(21)]
    public Foreign Foreign { get; init; }

    [Id(22)]
    public WireNode? Node { get; init; }
}

/// <summary>With a number that not every version has a name for.</summary>
public enum WireColour : byte
{
    Unknown = 0,
    Red = 1,
    Last = 255,
}

[GenerateSerializer, Immutable, Alias("wire-point")]
public readonly record struct WirePoint(int X, int Y);

[GenerateSerializer, Immutable, Alias("wire-shape")]
public abstract record WireShape(string Name);

[GenerateSerializer, Immutable, Alias("wire-circle")]
public sealed record WireCircle(string Name, double Radius) : WireShape(Name);

[GenerateSerializer, Immutable, Alias("wire-group")]
public sealed record WireGroup(string Name, ImmutableArray<WireShape> Parts) : WireShape(Name);

/// <summary>A type that contains itself.</summary>
[GenerateSerializer, Immutable, Alias("wire-node")]
public sealed record WireNode(int Value, WireNode? Next);

/// <summary>A type of somebody else, without attributes.</summary>
public readonly record struct Foreign(string? Part);

[GenerateSerializer, Immutable, Alias("wire-foreign")]
public readonly record struct ForeignSurrogate(string? Part);

[RegisterConverter]
public sealed class ForeignConverter : IConverter<Foreign, ForeignSurrogate>
{
    public Foreign ConvertFromSurrogate(in ForeignSurrogate surrogate) => new(surrogate.Part);

    public ForeignSurrogate ConvertToSurrogate(in Foreign value) => new(value.Part);
}

/// <summary>One contract at an older and at a newer release: the newer one has more members.</summary>
[GenerateSerializer, Immutable, Alias("wire-old")]
public sealed record WireOld(int First, string? Second);

[GenerateSerializer, Immutable, Alias("wire-new")]
public sealed record WireNew(
    int First, string? Second, ImmutableArray<WireShape> Third, WireNode? Fourth, double Fifth);
