using Aedile.Tests.Engine.Messaging;

namespace Aedile.Tests.Engine.Observers;

[Trait("Engine", "Bundled")]
public sealed class WireObserverTests : ObserverSuite
{
    protected override Task<SuiteFleet> Start(string test) => WireSuiteFleet.Start(test);
}
