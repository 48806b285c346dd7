using Aedile.Client.Repositories;

namespace Aedile.Agent.Repositories;

/// <summary>What a command's body must hold beyond its JSON. A breach is a 400 and changes nothing.</summary>
internal static class CommandRules
{
    private const int UpdatesMax = 100_000;

    /// <exception cref="BadHttpRequestException">The branch can't be HEAD's target.</exception>
    public static void CheckBranch(string branch)
    {
        if (!RefName.IsBranch(branch))
            throw new BadHttpRequestException($"'{branch}' is not the full name of a branch.");
    }

    /// <exception cref="BadHttpRequestException">An update is malformed, out of order, or there twice.</exception>
    public static void CheckUpdates(IReadOnlyList<RefUpdate> updates)
    {
        if (updates.Count is 0 or > UpdatesMax)
            throw new BadHttpRequestException($"There must be 1 to {UpdatesMax} ref updates.");
        string? last = null;
        foreach (var update in updates)
        {
            if (!RefName.IsValid(update.Name) || RefName.IsHidden(update.Name))
                throw new BadHttpRequestException(
                    $"'{update.Name}' can't be updated: it is no valid or no open ref name.");
            if (!RefName.IsObjectId(update.Old) || !RefName.IsObjectId(update.New)
                || update is { IsCreate: true, IsDelete: true })
                throw new BadHttpRequestException(
                    $"The update of '{update.Name}' must say an old and a new object id.");
            if (last is not null && string.CompareOrdinal(last, update.Name) >= 0)
                throw new BadHttpRequestException("Updates must be in ordinal order of their names, each once.");
            last = update.Name;
        }
    }
}
