using System.IO.Pipelines;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Interfaces.Repositories;
using Aedile.Silo.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

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
        if (http.Request.ContentType?.Split(';')[0].Trim() != RequestType)
            throw new GitProtocolException(
                StatusCodes.Status415UnsupportedMediaType, $"the content type must be {RequestType}");
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
            // BadHttpRequestException is an IOException: a body cut short, malformed chunks, a client that left.
            log.ClientStopped(id, error.Message);
            if (http.Response.HasStarted || error is not InvalidDataException) http.Abort();
            else throw GitProtocolException.Malformed(error.Message);
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
        PushRequest request;
        using (var idle = new CancellationTokenSource(options.Value.ClientIdleLimit, clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, http.RequestAborted))
            request = await new PushRequestReader(body, options.Value).Read(either.Token);

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

    // Packs have a limit of their own, and a client may be busy compressing for a while.
    private void AdmitLargeAndSlow(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = new MinDataRate(SlowestBytesPerSecond, options.Value.ClientIdleLimit);
    }
}
