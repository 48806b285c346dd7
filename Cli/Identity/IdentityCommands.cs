using System.CommandLine;
using Aedile.Cli.Model;
using Aedile.Client.Gateway;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Cli.Identity;

/// <summary><c>identity</c>: who may call, with which roles, and how they prove who they are.</summary>
internal static class IdentityCommands
{
    private static readonly IReadOnlyList<Column<Entity>> Columns =
    [
        new("id", entity => entity.Id.Value), new("name", entity => entity.Name),
        new("type", entity => $"{Spec(entity).Type}".ToLowerInvariant()),
        new("roles", entity => string.Join(',', Spec(entity).Roles)),
        new("state", entity => Spec(entity).Disabled ? "disabled" : "active"),
    ];

    public static Command Make(CommandFrame frame) => new("identity", "Who may call, and what.")
    {
        frame.Make("list", "Lists all identities.", [], (run, ct) => run.Output.List(
            run.Client.Model.List(EntityKind.Of<IdentitySpec>(), cancellation: ct), Columns, ct)),
        OfOne(frame, "show", "Shows an identity.", (run, id, ct) => Task.FromResult(id)),
        MakeCreate(frame),
        MakeRoles(frame),
        OfOne(frame, "disable", "Refuses every token and login of it.", (run, id, ct) =>
            Change(run, id, spec => spec with { Disabled = true }, ct)),
        OfOne(frame, "enable", "Takes 'disable' back.", (run, id, ct) =>
            Change(run, id, spec => spec with { Disabled = false }, ct)),
        OfOne(frame, "revoke", "Takes back all tokens that it was given until now.", async (run, id, ct) =>
        {
            await run.Client.Identity.RevokeAll(id, ct);
            return id;
        }),
        PasswordCommands.MakePassword(frame),
        PasswordCommands.MakeEnrol(frame),
        CertificateCommands.MakeCertificate(frame),
    };

    private static Command MakeCreate(CommandFrame frame)
    {
        var id = ModelCommands.IdArgument();
        var type = new Option<string>("--type")
        {
            Description = "person or program. Default: person.", HelpName = "TYPE",
        };
        type.AcceptOnlyFromAmong("person", "program");
        var name = new Option<string?>("--name")
        {
            Description = "What it logs in by. Default: its id.", HelpName = "NAME",
        };
        var roles = RolesOption("--role", "A role; may be given again: admin, operator, viewer, or one of the model.");
        return frame.Make("create", "Makes an identity.", [id, type, name, roles], async (run, ct) =>
        {
            var spec = new IdentitySpec(
                run.Get(type) is "program" ? IdentityType.Program : IdentityType.Person, [.. RolesOf(run, roles)], []);
            await run.Client.Model.Create(EntityDraft.Of(spec, run.Get(name)), run.Get(id), cancellation: ct);
            await Show(run, run.Get(id), ct);
        });
    }

    private static Command MakeRoles(CommandFrame frame)
    {
        var id = ModelCommands.IdArgument();
        var (add, remove) = (RolesOption("--add", "Gives a role."), RolesOption("--remove", "Takes a role away."));
        return frame.Make(
            "roles", "Gives and takes roles; shows them without an option.", [id, add, remove], async (run, ct) =>
            {
                var (given, taken) = (RolesOf(run, add).ToList(), RolesOf(run, remove).ToList());
                if (given.Count + taken.Count > 0)
                    await Change(
                        run, run.Get(id), spec => spec with { Roles = spec.Roles.Union(given).Except(taken) }, ct);
                await Show(run, run.Get(id), ct);
            });
    }

    // Of a version, so that two who change it at once don't undo each other.
    private static async Task<EntityId> Change(
        CommandRun run, EntityId id, Func<IdentitySpec, IdentitySpec> change, CancellationToken cancellation)
    {
        var before = await run.Client.Model.Get(EntityKey.Of<IdentitySpec>(id), ReadMode.Latest, cancellation);
        await run.Client.Model.Update(
            id, EntityDraft.Of(change(Spec(before)), before.Name, before.Tags), before.Version, cancellation);
        return id;
    }

    private static async Task Show(CommandRun run, EntityId id, CancellationToken cancellation)
    {
        var entity = await run.Client.Model.Get(EntityKey.Of<IdentitySpec>(id), cancellation: cancellation);
        run.Output.Show(entity, Columns.Select(column => (column.Title, column.Cell(entity))));
    }

    private static Command OfOne(
        CommandFrame frame, string verb, string description,
        Func<CommandRun, EntityId, CancellationToken, Task<EntityId>> act)
    {
        var id = ModelCommands.IdArgument();
        return frame.Make(verb, description, [id], async (run, ct) =>
            await Show(run, await act(run, run.Get(id), ct), ct));
    }

    private static Option<string[]> RolesOption(string name, string description) =>
        new(name) { Description = description, HelpName = "ROLE" };

    private static IEnumerable<EntityId> RolesOf(CommandRun run, Option<string[]> option) =>
        (run.Get(option) ?? []).Select(text => EntityId.TryParse(text, null, out var role)
            ? role
            : throw new UsageException($"'{text}' is no role's id."));

    private static IdentitySpec Spec(Entity entity) => (IdentitySpec)entity.Spec;
}
