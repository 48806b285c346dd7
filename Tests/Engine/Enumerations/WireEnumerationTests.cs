using Aedile.Tests.Engine.Messaging;

namespace Aedile.Tests.Engine.Enumerations;

[Trait("Engine", "Bundled")]
public sealed class WireEnumerationTests : EnumerationSuite
{
    protected override Task<SuiteFleet> Start(string test) => WireSuiteFleet.Start(test);
}
