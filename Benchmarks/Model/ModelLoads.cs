using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using Aedile.Benchmarks.Git;
using Aedile.Client;
using Aedile.Client.Model;

namespace Aedile.Benchmarks.Model;

/// <summary>The same questions to both: entities of ours, and values of etcd that are as long.</summary>
internal sealed class ModelLoads(FleetUnderTest fleet, EtcdPeer peer)
{
    private const int Entities = 1_000;
    private const string Body = """{"tags":{"rack":"r12","zone":"a"},"spec":{"attributes":["ssd","zone-a"]}}""";
    // As long as the answer that shows an entity of ours.
    private static readonly string Value = new('x', 220);

    private Uri[] Silos => [.. Enumerable.Range(0, 3).Select(i => new UriBuilder(fleet.Address)
    {
        Port = fleet.Address.Port + i,
    }.Uri)];

    /// <summary>Writes what is read afterwards.</summary>
    public async Task Fill()
    {
        using var http = fleet.Client();
        var creations = Enumerable.Range(0, Entities).Select(i =>
            $$"""{"verb":"create","kind":"node","id":"{{Id(i)}}","body":{{Body}} }""");
        using var body = new StringContent(
            $$"""{"changes":[{{string.Join(',', creations)}}] }""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/v1/model/transactions", UriKind.Relative), body);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Writes so far: ours, and etcd's.</summary>
    public async Task<(long Ours, long Theirs)> Written()
    {
        using var http = fleet.Client();
        var model = await http.GetFromJsonAsync<ModelResource>(
            new Uri("/v1/model?consistency=latest", UriKind.Relative), Wire.Json);
        return (model!.Index, await EtcdCalls.Revision(peer.Addresses[0]));
    }

    public IReadOnlyList<LoadTarget> OurWrites() => [.. Silos.Select(silo => Ours(
        silo, "", Encoding.UTF8.GetBytes(Body), ":method: PUT", "if-match: *", "content-type: application/json"))];

    public IReadOnlyList<LoadTarget> OurReads(string query) => [.. Silos.Select(silo => Ours(silo, query, null))];

    public (IReadOnlyList<LoadTarget> Grpc, IReadOnlyList<LoadTarget> Json) TheirWrites() =>
        EachMember((member, i) => EtcdCalls.Put(member, Id(i), Value));

    public (IReadOnlyList<LoadTarget> Grpc, IReadOnlyList<LoadTarget> Json) TheirReads(bool isSerializable) =>
        EachMember((member, i) => EtcdCalls.Range(member, Id(i), isSerializable));

    private (IReadOnlyList<LoadTarget> Grpc, IReadOnlyList<LoadTarget> Json) EachMember(
        Func<Uri, int, (LoadTarget Grpc, LoadTarget Json)> call)
    {
        var calls = peer.Addresses.Select(call).ToArray();
        return ([.. calls.Select(both => both.Grpc)], [.. calls.Select(both => both.Json)]);
    }

    private LoadTarget Ours(Uri silo, string query, byte[]? body, params string[] headers) => new(
        [.. Enumerable.Range(0, Entities).Select(i => new Uri(silo, $"/v1/model/nodes/{Id(i)}{query}"))],
        [$"authorization: Bearer {fleet.Token}", .. headers], body, IsHttp2: false);

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"node-{number}");
}
