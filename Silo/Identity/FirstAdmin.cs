using System.Text;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Hosting;

namespace Aedile.Silo.Identity;

/// <summary>
/// Makes the first administrator of a fleet that has none, with a one-time token in a file of the data folder (mode
/// 600): whoever may read it may set the administrator's password.
/// </summary>
internal sealed class FirstAdmin(
    IIdentityModel model, IIdSource ids, string file, TimeProvider clock, ILogger<FirstAdmin> log)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Actor = "silo";
    private static readonly EntityId Admin = EntityId.Parse("admin");
    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>Makes it if need be. Safe to repeat, by several silos at once too.</summary>
    /// <returns>Whether there is one now.</returns>
    public async Task<bool> Ensure(CancellationToken cancellation)
    {
        if (model.Find(EntityKind.Of<IdentitySpec>(), Admin) is not null)
        {
            CleanUp();
            return true;
        }
        var id = EntityId.From(ids.Next());
        var (text, proof) = EnrolmentTokens.Issue(id, clock.GetUtcNow() + Life);
        var write = await model.Write(Actor, [
            ModelChange.Create(Admin, new IdentitySpec(IdentityType.Person, [BuiltInRoles.Admin], [])),
            ModelChange.Create(id, new AuthenticatorSpec(Admin, Enrolment: proof)),
        ], cancellation);
        // Two silos of one data folder: only who wrote the model writes the file.
        if (write.Outcome is not ModelOutcome.Written) return false;
        DurableFile.Write(file, Encoding.ASCII.GetBytes(text + "\n"), Private);
        log.FirstAdminMade(file);
        return true;
    }

    // A token that is good for nothing any more must not look as if it were.
    private void CleanUp()
    {
        if (!File.Exists(file)) return;
        var isGood = EnrolmentTokens.TryParse(File.ReadAllText(file).Trim(), out var id, out var secret)
            && model.Find(EntityKind.Of<AuthenticatorSpec>(), id)?.Spec is AuthenticatorSpec { Enrolment: { } proof }
            && EnrolmentTokens.Redeem(proof, secret, clock.GetUtcNow()).Outcome is EnrolmentOutcome.Good;
        if (!isGood) File.Delete(file);
    }
}
