using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Silo.Gateway.Access;
using Aedile.Silo.Hosting;
using Aedile.Silo.Identity;
using Aedile.Silo.Identity.Agents;
using Aedile.Silo.Identity.Certificates;
using Aedile.Silo.Identity.External;
using Aedile.Silo.Identity.Keys;
using Aedile.Silo.Identity.Logins;
using Aedile.Silo.Identity.Passwords;
using Aedile.Silo.Model;
using Aedile.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aedile.Tests.Identity;

/// <summary>One silo's logins over a model that several may share.</summary>
internal sealed class LoginStage : IDisposable
{
    public const string Password = "correct horse battery";

    private readonly LoginGate _gate;

    public LoginStage(MemoryIdentityModel model, ManualTime clock, TestFolder folder, string silo = "silo-1")
    {
        (Model, Clock) = (model, clock);
        _gate = new LoginGate(Options, clock);
        Keys = new SigningKeys(
            new KeyFolder(folder[silo]), model, silo, Options.Rotation, clock, NullLogger<SigningKeys>.Instance);
        Issuer = new TokenIssuer(model, Keys, new RandomIds(), Options, clock);
        Passwords = new PasswordLogin(
            model, Issuer, _gate, Hasher, new WrongPasswords(Options.Lockout), Options, clock,
            NullLogger<PasswordLogin>.Instance);
        Enrolments = new EnrolmentLogin(
            model, Issuer, _gate, Hasher, Options, clock, NullLogger<EnrolmentLogin>.Instance);
        Certificates = new CertificateLogin(
            model, Issuer, _gate, Options, clock, NullLogger<CertificateLogin>.Instance);
        Desk = new IdentityDesk(model, Passwords, Hasher, _gate, new RandomIds(), clock);
        Externals = new ExternalLogin(
            model, Issuer, _gate,
            new SignerKeys(new NoFetch(), new ExternalSignerOptions(), clock, NullLogger<SignerKeys>.Instance),
            Options, clock, NullLogger<ExternalLogin>.Instance);
        Verifier = new TokenVerifier(clock);
        Tokens = new AgentTokens(
            Issuer, Verifier, model, new OwnIdentity(model, silo, NullLogger<OwnIdentity>.Instance), clock);
        Authority = new SiloAuthority(
            new KeyFolder(folder[silo, "authorities"]), model, silo, Options.AuthorityRotation, clock,
            NullLogger<SiloAuthority>.Instance);
        var grants = new AgentGrants(
            model, Authority, Keys, Issuer, new AgentTrustSource(new ModelReplica(null!, clock)), Options,
            clock);
        Agents = new AgentEnrolment(model, grants, _gate, clock, NullLogger<AgentEnrolment>.Instance);
    }

    public static IdentityOptions Options { get; } = new() { PasswordIterations = 100_000, LoginBurst = 20 };

    public static PasswordHasher Hasher { get; } = new(Options.PasswordIterations);

    public MemoryIdentityModel Model { get; }

    public ManualTime Clock { get; }

    public SigningKeys Keys { get; }

    public TokenIssuer Issuer { get; }

    public PasswordLogin Passwords { get; }

    public EnrolmentLogin Enrolments { get; }

    public CertificateLogin Certificates { get; }

    public IdentityDesk Desk { get; }

    public ExternalLogin Externals { get; }

    public TokenVerifier Verifier { get; }

    public AgentTokens Tokens { get; }

    public SiloAuthority Authority { get; }

    public AgentEnrolment Agents { get; }

    /// <summary>A model with one person, who has a password.</summary>
    public static MemoryIdentityModel NewModel(ManualTime clock)
    {
        var model = new MemoryIdentityModel(TokenBench.Fleet, TokenBench.Skew, clock);
        model.Put("anna", TokenBench.Holder(IdentityType.Person, [BuiltInRoles.Operator]), "Anna");
        model.Put(
            NamedIds.PasswordOf(EntityId.Parse("anna")).Value,
            new AuthenticatorSpec(EntityId.Parse("anna"), new PasswordProof(Hasher.Hash(Password))));
        return model;
    }

    public Task<LoginAnswer> Enter(string name, string password) => Passwords.Enter(name, password, null, default);

    public AccessToken MustBeTaken(LoginAnswer answer)
    {
        Assert.Null(answer.Refusal);
        var verdict = Verifier.Verify(answer.Token!.Text, Model.Trust, TokenAudience.Silos);
        Assert.Null(verdict.Refusal);
        return verdict.Token!;
    }

    public void Dispose()
    {
        Keys.Dispose();
        Authority.Dispose();
        _gate.Dispose();
    }

    private sealed class NoFetch : IKeyFetch
    {
        public Task<(byte[]? Body, string Why)> Fetch(Uri address, CancellationToken cancellation) =>
            Task.FromResult<(byte[]?, string)>((null, "it is away"));
    }
}
