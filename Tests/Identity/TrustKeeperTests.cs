using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Identity;
using Aedile.Client.Model;
using Aedile.Client.Model.Kinds;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Identity;
using Aedile.Silo.Model;
using Aedile.Tests.Support;
using static Aedile.Tests.Model.Commands;

namespace Aedile.Tests.Identity;

/// <summary>Goal: tokens are judged by what the model says, and a change costs no more than it changes.</summary>
public sealed class TrustKeeperTests
{
    private static readonly VerificationKey[] Keys = [NewKey(), NewKey()];

    private readonly ModelReplica _replica = new(null!, new ManualTime(Now));
    private readonly TrustKeeper _keeper;

    public TrustKeeperTests()
    {
        _replica.Load(Empty);
        _keeper = Keep();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_view_that_follows_each_entry_says_what_one_of_the_whole_state_says(int seed)
    {
        var chance = new Random(seed);
        var (written, earlier) = (0, new List<ModelState> { Empty });
        for (var i = 0; i < 400; i++)
        {
            if (Decide(_replica.Current, Of(Changes(chance))) is not Decision.Append append) continue;
            _replica.Adopt(_replica.Current.Digest, [append]);
            written++;
            Assert.Equal(Said(Keep().Current), Said(_keeper.Current));
            if (chance.Next(20) != 0) continue;
            // An import or a restore: another history, which may hold what this one had, or less.
            earlier.Add(_replica.Current);
            var other = earlier[chance.Next(earlier.Count)];
            _replica.Load(ModelState.Load(ModelState.Empty($"of {i}"), other.All()));
            Assert.Equal(Said(Keep().Current), Said(_keeper.Current));
        }

        Assert.InRange(written, 150, 400);
    }

    [Fact]
    public void A_change_of_an_identity_leaves_the_rest_as_it_was()
    {
        foreach (var change in (WriteChange[])[Person("p1"), Role("r1"), Revoke("v1", "p1")]) Write(change);
        var before = _keeper.Current;
        Write(Patch("identity", "p1", """{"spec":{"disabled":true}}"""));
        var after = _keeper.Current;
        Assert.True(after.Identities[EntityId.Parse("p1")].IsDisabled);
        Assert.Same(before.Roles, after.Roles);
        Assert.Same(before.Revoked, after.Revoked);
        Assert.Same(before.Keys, after.Keys);
        Write(Node("n1"));
        Assert.Same(after, _keeper.Current);
    }

    [Fact]
    public async Task Who_waits_for_an_index_finds_it_in_the_view()
    {
        var replica = new ModelReplica(null!, new ManualTime(Now));
        replica.Load(Empty);
        Task<bool>? waiting = null;
        var isThere = true;
        replica.Changed += (_, _, _) =>
        {
            // The keeper, which comes after this, has not heard of it yet.
            waiting = replica.WaitFor(1, TimeSpan.FromSeconds(1), CancellationToken.None);
            isThere = waiting.IsCompleted;
        };
        var keeper = new TrustKeeper(replica, new IdentityOptions());
        replica.Adopt(replica.Current.Digest, [Assert.IsType<Decision.Append>(Decide(Empty, Of(Person("p1"))))]);
        Assert.False(isThere);
        Assert.True(await waiting!);
        Assert.Single(keeper.Current.Identities);
    }

    private TrustKeeper Keep() => new(_replica, new IdentityOptions());

    private void Write(WriteChange change) => _replica.Adopt(
        _replica.Current.Digest, [Assert.IsType<Decision.Append>(Decide(_replica.Current, Of(change)))]);

    // Everything that a verdict may rest on, asked for as verdicts do.
    private static string[] Said(TrustView view) =>
    [
        view.Fleet.ToString(),
        .. view.Identities.Select(one => $"{one.Key} {JsonSerializer.Serialize(one.Value, Wire.Json)}").Order(),
        .. Keys.Select(key => $"{view.Keys.Find(key.Id)?.NotBefore:O}"),
        .. view.Roles.Select(one => $"{one.Key} {string.Join(' ', one.Value)}").Order(),
        .. Enumerable.Range(0, 6).SelectMany(person => Enumerable.Range(0, 6).Select(
            token => $"{person} {token} {view.Revoked.Contain(Token(view.Fleet, person, token))}")),
    ];

    private static AccessToken Token(FleetId fleet, int person, int token) => new(
        fleet, EntityId.Parse($"p{person}"), TokenKind.Access, "aedile", [], TokenId.From(IdOf(token)),
        Now, Now, Now.AddHours(1));

    // Several at once now and then: an entry is a transaction.
    private static ImmutableArray<WriteChange> Changes(Random chance) =>
        [.. Enumerable.Range(0, chance.Next(4) == 0 ? 2 : 1).Select(_ => Change(chance))];

    private static WriteChange Change(Random chance)
    {
        var (person, other) = ($"p{chance.Next(6)}", chance.Next(6));
        return chance.Next(13) switch
        {
            0 or 1 => Person(person),
            2 => Patch("identity", person, chance.Next(2) == 0
                ? """{"spec":{"disabled":true}}""" : """{"spec":{"disabled":false,"roles":["viewer"]}}"""),
            3 => Delete("identity", person),
            4 => Role($"r{other}"),
            5 => Patch("role", $"r{other}", """{"spec":{"permissions":["nodes:read"]}}"""),
            6 => Revoke($"v{other}", person),
            7 => Create("revocation", $"w{other}", JsonSerializer.Serialize(new
            {
                spec = new { expiresAt = Now.AddHours(1), token = TokenId.From(IdOf(chance.Next(6))).ToString() },
            })),
            // One key as several entities, with a time each.
            8 or 9 => Key($"k{other}", Keys[other % 2], Now.AddMinutes(chance.Next(1000))),
            10 => Delete("signing-key", $"k{other}"),
            11 => chance.Next(2) == 0
                ? Create("fleet", FleetSpec.OnlyId.Value, $$$"""{"spec":{"fleet":"fleet-{{{other}}}"}}""")
                : Delete("fleet", FleetSpec.OnlyId.Value),
            _ => Delete("revocation", chance.Next(2) == 0 ? $"v{other}" : $"w{other}"),
        };
    }

    private static Guid IdOf(int token) => new(token, 1, 0, new byte[8]);

    private static WriteChange Person(string id) => Create(
        "identity", id, """{"spec":{"type":"person","roles":["operator"],"attributes":[]}}""");

    private static WriteChange Key(string id, VerificationKey key, DateTimeOffset notBefore) => Create(
        "signing-key", id, JsonSerializer.Serialize(new
        {
            spec = new
            {
                kid = key.Id.Value, publicKey = key.Text, silo = "silo-1", notBefore,
                signsUntil = notBefore.AddDays(1), notAfter = notBefore.AddDays(2),
            },
        }));

    private static VerificationKey NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return VerificationKey.Of(key);
    }

    private static WriteChange Role(string id) => Create("role", id, """{"spec":{"permissions":["nodes:write"]}}""");

    private static WriteChange Revoke(string id, string person) => Create("revocation", id, JsonSerializer.Serialize(
        new { spec = new { expiresAt = Now.AddHours(1), identity = person, issuedBefore = Now } }));
}
