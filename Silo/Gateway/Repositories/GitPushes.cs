using System.IO.Pipelines;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using BadHttpRequestException = Microsoft.AspNetCore.Http.BadHttpRequestException;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>Serves <c>POST git-receive-pack</c>: HTTP around <see cref="PushPipeline"/>.</summary>
internal sealed class GitPushes(
    IGrainFactory grains, IPackStaging staging, PushGate gate, IIdSource ids, IOptions<PushOptions> options,
    TimeProvider clock, ICrashPoints points, ILogger<PushPipeline> log)
{
    private const string RequestType = "application/x-git-receive-pack-request";
    private const string ResultType = "application/x-git-receive-pack-result";
    private const double SlowestBytesPerSecond = 50;

    private readonly PushPipeline _pipeline =
        new(staging, options.Value, clock, points, PipeScheduler.ThreadPool, log);

    /// <summary>Takes one push.</summary>
    public async Task Handle(HttpContext http, RepositoryId id)
    {
        GitRequest.RequireType(http.Request, RequestType);
        using var place = await gate.Enter(http.RequestAborted);
        if (place is null)
        {
            await GitRefusals.Write(http, 503, "too many pushes wait already; try again");
            return;
        }
        AdmitLargeAndSlow(http);
        try
        {
            await Push(http, id);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or InvalidDataException)
        {
            log.ClientStopped(id, error.Message);
            if (http.Response.HasStarted) http.Abort();
            else if (error is InvalidDataException) throw GitProtocolException.Malformed(error.Message);
            // It is an IOException too: a body cut short, malformed chunks. A client that left gets no answer.
            else if (error is BadHttpRequestException bad) throw new GitProtocolException(bad.StatusCode, bad.Message);
            else http.Abort();
        }
        catch (GitProtocolException error)
        {
            log.Refused(id, error.Message);
            throw;
        }
    }

    private async Task Push(HttpContext http, RepositoryId id)
    {
        var body = GitRequest.Unpack(http.Request);
        var request = await ReadRequest(body, http.RequestAborted);
        http.Response.ContentType = ResultType;
        GitRequest.ForbidCaching(http.Response);
        if (request.IsProbe) return;

        var transaction = new TransactionId(ids.Next());
        using var answer = new PushAnswer(
            http.Response.BodyWriter, request.Capabilities, transaction, options.Value, clock);
        var report = await _pipeline.Run(
            grains.GetGrain<IRepositoryGrain>(id.Value), new PushTarget(id, transaction), request, body, answer.Begin,
            http.RequestAborted);
        await answer.Report(report);
    }

    // All commands together may take as long as a pack may pause: they are small.
    private async Task<PushRequest> ReadRequest(PipeReader body, CancellationToken client)
    {
        using var idle = new CancellationTokenSource(options.Value.ClientIdleLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, client);
        try
        {
            return await new PushRequestReader(body, options.Value).Read(either.Token);
        }
        catch (OperationCanceledException) when (!client.IsCancellationRequested)
        {
            throw GitProtocolException.TooSlow(options.Value.ClientIdleLimit);
        }
    }

    // A client may be busy compressing for a while.
    private void AdmitLargeAndSlow(HttpContext http)
    {
        GitRequest.AdmitLarge(http);
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = new MinDataRate(SlowestBytesPerSecond, options.Value.ClientIdleLimit);
    }
}
