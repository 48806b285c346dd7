using Orleans.Runtime;

namespace Aedile.Engine.Membership;

/// <summary>The database lost changes that it had acknowledged: what silos agreed on is no longer so.</summary>
internal sealed class TableWentBackException(long had, long has) : OrleansException(
    $"The membership table went back from version {had} to {has}: its database was replaced by an older one.");
