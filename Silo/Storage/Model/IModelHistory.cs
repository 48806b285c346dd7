using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;

namespace Aedile.Silo.Storage.Model;

/// <summary>Begins another history of the model.</summary>
/// <exception cref="JournalAwayException">The database can't be used now.</exception>
internal interface IModelHistory
{
    /// <summary>
    /// Replaces all that is defined, in one transaction: entries and snapshots of the old history go, a snapshot and
    /// the first entry of the new one come, and every sequencer is fenced.
    /// </summary>
    /// <param name="seen">The head as it was seen.</param>
    /// <param name="start">What the new history begins with; its timeline is the new one.</param>
    /// <param name="first">Its first entry.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    /// <returns>False when the head was another one: nothing was changed.</returns>
    Task<bool> TryReplace(JournalHead seen, ModelState start, ModelEntry first, CancellationToken cancellation);
}
