using System.CommandLine;
using Aedile.Client.Repositories;

namespace Aedile.Cli.Repositories;

/// <summary><c>repo</c>: repositories and how their replicas stand.</summary>
internal static class RepositoryCommands
{
    private static readonly TimeSpan CreationMax = TimeSpan.FromMinutes(1);

    private static readonly IReadOnlyList<Column<RepositoryResource>> Columns =
    [
        new("name", NameOf), new("state", repository => repository.State),
        new("primary", repository => repository.Primary?.Value ?? "-"),
        new("generation", repository => $"{repository.Generation}"),
        new("replicas", repository =>
            $"{repository.Replicas.Count(replica => replica.UpToDate)}/{repository.Replicas.Length}"),
        new("id", repository => repository.Id.Value),
    ];

    public static Command Make(CommandFrame frame) => new("repo", "Git repositories and their replicas.")
    {
        frame.Make("list", "Lists all repositories; replicas are shown as up to date/all.", [], (run, ct) =>
            run.Output.List(run.Client.Repositories.List(cancellation: ct), Columns, ct)),
        MakeCreate(frame),
        OfOne(frame, "show", "Shows a repository and its replicas.", (run, found, ct) => Show(run, found)),
        OfOne(frame, "delete", "Gives a repository up for good, with all its replicas.", async (run, found, ct) =>
        {
            await run.Client.Repositories.Delete(found.Id, ct);
            run.Output.Say($"deleted {NameOf(found)}");
        }),
        OfOne(
            frame, "accept-data-loss", "Gives up the newest writes, which no replica holds.",
            async (run, found, ct) => await Show(run, await run.Client.Repositories.AcceptDataLoss(found.Id, ct))),
    };

    private static Command MakeCreate(CommandFrame frame)
    {
        var name = new Argument<string>("NAME") { Description = "STORAGE/PATH, as in default/team/project." };
        var branch = new Option<string?>("--default-branch") { Description = "Default: main.", HelpName = "BRANCH" };
        return frame.Make(
            "create", "Makes a repository, and waits until it takes pushes.", [name, branch], async (run, ct) =>
            {
                if (run.Get(name).Split('/', 2) is not [{ Length: > 0 } storage, { Length: > 0 } path])
                    throw new UsageException("A repository's name is STORAGE/PATH, as in default/team/project.");
                var begun = await run.Client.Repositories.Create(
                    new CreateRepositoryRequest(storage, path, run.Get(branch)), cancellation: ct);
                using var limit = new CancellationTokenSource(CreationMax, frame.Clock);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
                try
                {
                    await Show(run, await run.Client.Repositories.WaitUntilCreated(begun.Id, either.Token));
                    return ExitCode.Done;
                }
                catch (OperationCanceledException) when (!ct.IsCancellationRequested)
                {
                    await Show(run, begun);
                    frame.Terminal.Complain(
                        $"It is still being made after {CreationMax.TotalSeconds:0} s, and goes on: too few nodes?");
                    return ExitCode.Unreachable;
                }
            });
    }

    private static Command OfOne(
        CommandFrame frame, string verb, string description,
        Func<CommandRun, RepositoryResource, CancellationToken, Task> act)
    {
        var name = new Argument<string>("REPO") { Description = "STORAGE/PATH, or its id." };
        return frame.Make(verb, description, [name], async (run, ct) =>
        {
            if (await Find(run, run.Get(name), ct) is not { } found)
            {
                frame.Terminal.Complain($"There is no repository '{run.Get(name)}'.");
                return ExitCode.Refused;
            }

            await act(run, found, ct);
            return ExitCode.Done;
        });
    }

    private static async Task<RepositoryResource?> Find(CommandRun run, string name, CancellationToken cancellation) =>
        RepositoryId.TryParse(name, null, out var id)
            ? await run.Client.Repositories.Get(id, cancellation)
            : await run.Client.Repositories.Find(name, cancellation);

    private static string NameOf(RepositoryResource repository) => $"{repository.VirtualStorage}/{repository.Path}";

    private static Task Show(CommandRun run, RepositoryResource repository)
    {
        run.Output.Show(
            repository,
            [
                .. Columns.Select(column => (column.Title, column.Cell(repository))),
                ("branch", repository.DefaultBranch), ("created", Output.At(repository.CreatedAt)),
                .. repository.Replicas.Select(replica => ($"on {replica.Node}", Describe(replica))),
            ]);
        return Task.CompletedTask;
    }

    private static string Describe(ReplicaResource replica)
    {
        var holds = replica.Generation is { } generation ? $"generation {generation}" : "unknown content";
        var repair = replica.Repair is "none" ? "" : $", {replica.Repair} for repair";
        return $"{holds}, {(replica.UpToDate ? "up to date" : "outdated")}"
            + $"{(replica.Healthy ? "" : ", its node is away")}{(replica.Assigned ? "" : ", not assigned")}{repair}";
    }
}
