using Aedile.Client.Repositories;
using Microsoft.AspNetCore.Components;

namespace Aedile.Dashboard.Repositories;

/// <summary>One repository: what each replica holds, and what is being done about it.</summary>
public sealed partial class RepositoryPage
{
    private RepositoryResource? _repository;
    private RepositoryRow? _row;

    /// <summary>The repository's id, as in the address.</summary>
    [Parameter] public string Id { get; set; } = "";

    [Inject] private NavigationManager Addresses { get; set; } = null!;

    private string CloneAddress =>
        $"{Addresses.BaseUri}git/{_repository?.VirtualStorage}/{_repository?.Path}.git";

    /// <inheritdoc/>
    protected override async Task Load()
    {
        _repository = RepositoryId.TryParse(Id, null, out var id)
            ? await Ask((fleet, left) => fleet.GetRepository(id, left))
            : null;
        _row = _repository is null ? null : RepositoryRow.From(_repository);
    }
}
