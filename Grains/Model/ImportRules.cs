using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model.Kinds;

namespace Aedile.Grains.Model;

/// <summary>Something in an import that no sequencer would have taken.</summary>
/// <param name="Entity">In which entity.</param>
/// <param name="Flaw">What.</param>
public sealed record ImportFlaw(EntityKey Entity, Flaw Flaw);

/// <summary>How a state that was read from outside becomes the model. Pure.</summary>
public static class ImportRules
{
    /// <summary>What is wrong with the entities, by the rules that writes obey. Linear; lazy.</summary>
    public static IEnumerable<ImportFlaw> FlawsOf(ModelState state)
    {
        foreach (var entity in state.All())
        {
            if (entity.Version < 1 || entity.Version > state.Index)
                yield return new ImportFlaw(entity.Key, new Flaw("version", $"It is 1 to {state.Index}."));
            var rules = KindRules.Of(entity.Kind);
            var flaw = ChangeDraft.CheckName(entity.Name) ?? ChangeDraft.CheckTags(entity.Tags) ?? rules.Check(entity);
            if (flaw is not null) yield return new ImportFlaw(entity.Key, flaw);
            foreach (var reference in rules.ReferencesOf(entity))
            {
                if (state.Find(reference.Target) is null)
                    yield return new ImportFlaw(
                        entity.Key, new Flaw(reference.Field, $"There is no {reference.Target}."));
            }
        }
    }

    /// <summary>Whether a model holds nothing yet but what silos make when they start for the first time.</summary>
    /// <param name="state">The model.</param>
    /// <param name="storages">The virtual storages of the configuration, which silos define.</param>
    public static bool IsFresh(ModelState state, IReadOnlySet<EntityId> storages) => state.All().All(entity =>
        entity.Tags.IsEmpty && entity.Spec switch
        {
            FleetSpec or SigningKeySpec or CertificateAuthoritySpec => true,
            NodeSpec node => node is { Attributes.IsEmpty: true, IsDrained: false },
            VirtualStorageSpec => storages.Contains(entity.Id),
            IdentitySpec => entity.Id == BuiltInRoles.Admin,
            AuthenticatorSpec authenticator =>
                authenticator.Identity == BuiltInRoles.Admin && authenticator.Enrolment is { UsedAt: null },
            _ => false,
        });

    /// <summary>
    /// The state that a new history begins with, and its first entry, which says who began it. Indexes go on behind
    /// both the present and the imported ones: who waits for an index that was once acknowledged doesn't wait for
    /// ever, and no version comes twice.
    /// </summary>
    /// <param name="imported">What was read.</param>
    /// <param name="head">Where the present history ends.</param>
    /// <param name="timeline">Name of the new one.</param>
    /// <param name="command">Id of the import.</param>
    /// <param name="actor">Who wants it.</param>
    /// <param name="now">When; the entry's time never goes back.</param>
    public static (ModelState Base, ModelEntry Entry) Begin(
        ModelState imported, JournalHead head, string timeline, Guid command, string actor, DateTimeOffset now)
    {
        var start = imported with { Timeline = timeline, Index = Math.Max(imported.Index, head.Index) };
        var at = now > start.At ? now : start.At;
        var content = JsonSerializer.Serialize(
            new JournalEntry(
                start.Index + 1, at, actor, command, null, $"import {start.ContentDigest:x32} of {imported.Timeline}",
                []), Wire.Json);
        return (start, new ModelEntry(start.Index + 1, content, ModelDigests.Next(start.Digest, content)));
    }
}
