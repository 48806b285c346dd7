using System.Collections.Immutable;
using Orleans;

namespace Aedile.Engine.Messaging;

/// <summary>A client asks which grain classes there are.</summary>
[GenerateSerializer, Immutable, Alias("aedile-classes-question")]
internal sealed record ClassesQuestion;

/// <summary>The grain classes that the silo hosts.</summary>
[GenerateSerializer, Immutable, Alias("aedile-classes-reply")]
internal sealed record ClassesReply(ImmutableArray<HostedClass> Classes);

/// <summary>One grain class.</summary>
/// <param name="GrainType">Its name in identities.</param>
/// <param name="ClassName">Its full name, by whose start callers may pick it.</param>
/// <param name="Contracts">The wire names of the contracts that it implements.</param>
[GenerateSerializer, Immutable, Alias("aedile-hosted-class")]
internal sealed record HostedClass(string GrainType, string ClassName, ImmutableArray<string> Contracts);

/// <summary>A silo asks another whether the link between them still carries anything.</summary>
[GenerateSerializer, Immutable, Alias("aedile-silo-pulse")]
internal sealed record SiloPulse;

/// <summary>It does.</summary>
[GenerateSerializer, Immutable, Alias("aedile-silo-pulse-reply")]
internal sealed record SiloPulseReply;

/// <summary>A client asks whether the silo still runs.</summary>
[GenerateSerializer, Immutable, Alias("aedile-pulse-question")]
internal sealed record PulseQuestion;

/// <summary>The silo runs.</summary>
[GenerateSerializer, Immutable, Alias("aedile-pulse-reply")]
internal sealed record PulseReply(long View);
