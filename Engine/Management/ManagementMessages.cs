using System.Collections.Immutable;
using Orleans;

namespace Aedile.Engine.Management;

/// <summary>How many activations do you have, by class?</summary>
[GenerateSerializer, Alias("aedile.CountActivations"), Immutable]
internal sealed record CountActivations;

/// <summary>The activations of one silo, by class.</summary>
[GenerateSerializer, Alias("aedile.ActivationCounts"), Immutable]
internal sealed record ActivationCounts([property: Id(0)] ImmutableArray<ActivationCount> Classes);

/// <summary>How many activations a class has.</summary>
[GenerateSerializer, Alias("aedile.ActivationCount"), Immutable]
internal sealed record ActivationCount([property: Id(0)] string Class, [property: Id(1)] int Count);

/// <summary>Which activations do you have?</summary>
/// <param name="Classes">Full names; empty: all.</param>
[GenerateSerializer, Alias("aedile.ListActivations"), Immutable]
internal sealed record ListActivations([property: Id(0)] ImmutableArray<string> Classes);

/// <summary>Activations of one silo, ordered by grain.</summary>
[GenerateSerializer, Alias("aedile.ActivationList"), Immutable]
internal sealed record ActivationList([property: Id(0)] ImmutableArray<ListedActivation> Activations);

/// <summary>One activation.</summary>
[GenerateSerializer, Alias("aedile.ListedActivation"), Immutable]
internal sealed record ListedActivation([property: Id(0)] string Class, [property: Id(1)] string Grain);

/// <summary>End the activations that nobody used for a while.</summary>
[GenerateSerializer, Alias("aedile.CollectActivations"), Immutable]
internal sealed record CollectActivations([property: Id(0)] TimeSpan Age);

/// <param name="Found">How many were that old; those that are used in the last moment stay.</param>
[GenerateSerializer, Alias("aedile.CollectActivationsReply"), Immutable]
internal sealed record CollectActivationsReply([property: Id(0)] int Found);
