namespace Aedile.Tests.Engine;

public sealed class MemoryGrainStorageTests : GrainStorageSuite
{
    protected override void Configure(ISiloBuilder silo) => silo.AddMemoryGrainStorageAsDefault();
}
