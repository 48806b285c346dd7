using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aedile.Client.Fleet;

namespace Aedile.Client.Repositories;

/// <summary>
/// Speaks the storage protocol (DESIGN.md beside this file) to any storage node. It sets no deadline and retries
/// nothing: the caller's token is the deadline. Thread-safe.
/// </summary>
/// <param name="http">
/// Proves to each node who calls, by <see cref="NodeAddress.OfRequest"/>; its own timeout must be infinite.
/// </param>
/// <exception cref="HttpRequestException">From every call: the node can't be reached, or broke off.</exception>
/// <exception cref="StorageNodeRefusedException">From every call: it refused the request.</exception>
public sealed class StorageNodeClient(HttpClient http)
{
    /// <summary>Header that carries the version wanted from a replica.</summary>
    public const string VersionHeader = "Aedile-Version";

    /// <summary>Header of a staged pack that carries the newest decision which names the replica.</summary>
    public const string DecisionHeader = "Aedile-Decision";

    private const int ReasonBytes = 4096;

    /// <summary>Asks for the replica's own report.</summary>
    public Task<ReplicaReport> Report(NodeAddress node, RepositoryId id, CancellationToken cancellation) =>
        Call<ReplicaReport>(Request(HttpMethod.Get, node, id, "", null), cancellation);

    /// <summary>Asks what the replica's journal says of a write.</summary>
    public Task<EntryReport> Entry(
        NodeAddress node, RepositoryId id, TransactionId transaction, CancellationToken cancellation) =>
        Call<EntryReport>(Request(HttpMethod.Get, node, id, $"/transactions/{transaction}", null), cancellation);

    /// <summary>Makes an empty replica.</summary>
    public Task<CommandReply> Create(
        NodeAddress node, RepositoryId id, CreateReplica command, CancellationToken cancellation) =>
        Call<CommandReply>(Request(HttpMethod.Put, node, id, "", JsonOf(command)), cancellation);

    /// <summary>Asks for a promise.</summary>
    public Task<PrepareReply> Prepare(
        NodeAddress node, RepositoryId id, PrepareWrite command, CancellationToken cancellation) =>
        Call<PrepareReply>(Request(HttpMethod.Post, node, id, "/prepare", JsonOf(command)), cancellation);

    /// <summary>Tells a decision.</summary>
    public Task<CommandReply> Commit(
        NodeAddress node, RepositoryId id, CommitWrite command, CancellationToken cancellation) =>
        Call<CommandReply>(Request(HttpMethod.Post, node, id, "/commit", JsonOf(command)), cancellation);

    /// <summary>Drops a promise or a staged pack.</summary>
    public Task<CommandReply> Abort(
        NodeAddress node, RepositoryId id, AbortWrite command, CancellationToken cancellation) =>
        Call<CommandReply>(Request(HttpMethod.Post, node, id, "/abort", JsonOf(command)), cancellation);

    /// <summary>Makes the replica equal to a source.</summary>
    public Task<CommandReply> Repair(
        NodeAddress node, RepositoryId id, RepairReplica command, CancellationToken cancellation) =>
        Call<CommandReply>(Request(HttpMethod.Post, node, id, "/repair", JsonOf(command)), cancellation);

    /// <summary>Deletes the replica.</summary>
    public Task<CommandReply> Delete(
        NodeAddress node, RepositoryId id, DeleteReplica command, CancellationToken cancellation) =>
        Call<CommandReply>(Request(HttpMethod.Delete, node, id, "", JsonOf(command)), cancellation);

    /// <summary>Streams a pack into the node's quarantine for the transaction.</summary>
    /// <param name="node">The node.</param>
    /// <param name="id">The repository.</param>
    /// <param name="transaction">The write.</param>
    /// <param name="newest">The decision it must redo first; null when none names it.</param>
    /// <param name="body">New values as pkt-lines, a flush-pkt, the pack.</param>
    /// <param name="cancellation">Breaks the stream off; the node then drops what it has.</param>
    public Task<StageReply> Stage(
        NodeAddress node, RepositoryId id, TransactionId transaction, DecisionNotice? newest, HttpContent body,
        CancellationToken cancellation)
    {
        if (newest is not null)
            body.Headers.Add(DecisionHeader, $"{newest.Base} {newest.Version} {newest.Checksum}");
        return Call<StageReply>(
            Request(HttpMethod.Post, node, id, $"/transactions/{transaction}/pack", body), cancellation);
    }

    /// <summary>Renews the lease of a staged pack.</summary>
    /// <returns>Whether it still stood; if not, the pack is gone.</returns>
    public async Task<bool> RenewLease(
        NodeAddress node, RepositoryId id, TransactionId transaction, CancellationToken cancellation)
    {
        using var request = Request(
            HttpMethod.Put, node, id, $"/transactions/{transaction}/lease", null);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode is HttpStatusCode.NotFound) return false;
        await ThrowIfRefused(response, cancellation);
        return true;
    }

    /// <summary>Sends a git request to a replica and returns once the answer's headers are there.</summary>
    /// <param name="request">Its address is relative to <c>/git/{id}/</c> of the replica.</param>
    /// <param name="node">The node.</param>
    /// <param name="id">The repository.</param>
    /// <param name="version">The version the replica must hold.</param>
    /// <param name="cancellation">Breaks the request off.</param>
    /// <returns>Whatever the node answered, refusals too; the caller disposes it.</returns>
    public Task<HttpResponseMessage> SendGit(
        HttpRequestMessage request, NodeAddress node, RepositoryId id, ReplicaVersion version,
        CancellationToken cancellation)
    {
        request.RequestUri = node.At($"/git/{id}/{request.RequestUri}");
        request.Options.Set(NodeAddress.OfRequest, node.Node);
        request.Headers.Add(VersionHeader, version.ToString());
        return http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    private static HttpRequestMessage Request(
        HttpMethod method, NodeAddress node, RepositoryId id, string rest, HttpContent? body)
    {
        var request = new HttpRequestMessage(method, node.At($"/v1/replicas/{id}{rest}")) { Content = body };
        request.Options.Set(NodeAddress.OfRequest, node.Node);
        return request;
    }

    private static JsonContent JsonOf<T>(T body) => JsonContent.Create(body, options: Wire.Json);

    private async Task<T> Call<T>(HttpRequestMessage call, CancellationToken cancellation)
    {
        using var request = call;
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await ThrowIfRefused(response, cancellation);
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(Wire.Json, cancellation)
                ?? throw new HttpRequestException($"{request.RequestUri} answered null.");
        }
        catch (JsonException error)
        {
            // Half an answer, or a program that is no agent: nothing is known of the command's effect.
            throw new HttpRequestException(
                $"{request.RequestUri} answered something that is not {typeof(T).Name}.", error);
        }
        catch (IOException error)
        {
            throw BrokenOff(error);
        }
    }

    // A node that is killed behind the headers of its answer: what is read by us, HttpClient doesn't translate.
    private static HttpRequestException BrokenOff(IOException error) =>
        new($"The storage node broke off in the middle of its answer: {error.Message}", error);

    private static async Task ThrowIfRefused(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode) return;
        var reason = await ReadReason(response, cancellation);
        // A node in trouble says nothing of the request; it is as if it had not answered.
        if ((int)response.StatusCode >= 500)
            throw new HttpRequestException($"The storage node failed: {reason}.", null, response.StatusCode);
        throw new StorageNodeRefusedException(response.StatusCode, reason);
    }

    private static async Task<string> ReadReason(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[ReasonBytes];
        int length;
        try
        {
            length = await stream.ReadAtLeastAsync(buffer, ReasonBytes, throwOnEndOfStream: false, cancellation);
        }
        catch (IOException error)
        {
            throw BrokenOff(error);
        }
        var text = Encoding.UTF8.GetString(buffer, 0, length);
        if (response.Content.Headers.ContentType is { MediaType: "application/problem+json" or "application/json" })
        {
            try
            {
                using var problem = JsonDocument.Parse(text);
                if (problem.RootElement.TryGetProperty("detail", out var detail)) text = detail.GetString() ?? text;
            }
            catch (JsonException)
            {
                // Cut off at the limit, or no object: the raw text is the best there is.
            }
        }
        text = text.ReplaceLineEndings(" ").Trim();
        return text.Length > 0 ? text : $"HTTP {(int)response.StatusCode}";
    }
}
