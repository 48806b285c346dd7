namespace Aedile.Tests.Support;

/// <summary>
/// One fleet of three agents for all classes of this collection, one test at a time: a start costs seconds, and tests
/// that only use the front door don't disturb each other. Each test makes repositories of its own.
/// </summary>
[CollectionDefinition]
public sealed class SharedFleet : ICollectionFixture<ThreeAgentFleet>;
