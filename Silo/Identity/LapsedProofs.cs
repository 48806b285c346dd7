using System.Collections.Immutable;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;

namespace Aedile.Silo.Identity;

/// <summary>
/// Deletes what says nothing any more: revocations whose last token is over, and one-time tokens whose time is. Every
/// silo may do so at once; all but one lose, and nothing is lost by it.
/// </summary>
internal sealed class LapsedProofs(IIdentityModel model, TimeProvider clock)
{
    private const int AtOnceMax = 100;
    private const string Actor = "silo";

    // More than clocks differ; and who comes late with a one-time token is told that it is late, for a day.
    private static readonly TimeSpan RevocationGrace = TimeSpan.FromHours(1);
    private static readonly TimeSpan EnrolmentGrace = TimeSpan.FromDays(1);

    /// <summary>Whether an entity may go. Pure.</summary>
    public static bool IsOver(EntitySpec spec, DateTimeOffset now) => spec switch
    {
        RevocationSpec revocation => now >= revocation.ExpiresAt + RevocationGrace,
        AuthenticatorSpec { Enrolment: { } enrolment } => now >= enrolment.ExpiresAt + EnrolmentGrace,
        _ => false,
    };

    /// <summary>Deletes some. Safe to repeat; what is left is deleted by the next one.</summary>
    public async Task Sweep(CancellationToken cancellation)
    {
        if (!model.IsCurrent) return;
        var now = clock.GetUtcNow();
        ImmutableArray<ModelChange> gone =
        [
            .. model.List(EntityKind.Of<RevocationSpec>()).Concat(model.List(EntityKind.Of<AuthenticatorSpec>()))
                .Where(entity => IsOver(entity.Spec, now)).Take(AtOnceMax).Select(ModelChange.Delete),
        ];
        if (!gone.IsEmpty) await model.Write(Actor, gone, cancellation);
    }
}
