namespace Aedile.Silo.Storage.Fleet;

/// <summary>One run of a silo's process.</summary>
/// <param name="Run">Its identity, new with each start.</param>
/// <param name="Name">The silo's name; at most one run of a name lives.</param>
/// <param name="Engine">Its address in the engine's membership.</param>
/// <param name="Gateway">Base address of its gateway.</param>
/// <param name="Pid">Process id on its machine.</param>
/// <param name="Version">Version of its program.</param>
/// <param name="StartedAt">When it started (UTC), by its own clock; for people.</param>
/// <param name="Beat">Grows while it lives. Whether it does is judged by the change, never by comparing clocks.</param>
/// <param name="StoppedAt">When it stopped in order (UTC); null otherwise.</param>
internal sealed record SiloRow(
    Guid Run, string Name, string Engine, Uri Gateway, int Pid, string Version, DateTimeOffset StartedAt, long Beat,
    DateTimeOffset? StoppedAt);
