using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Aedile.Client.Model;

namespace Aedile.Client.Gateway;

/// <summary>The journal: <c>/v1/changes</c>.</summary>
public sealed class ChangeCalls
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly GatewayConnection _gateway;

    internal ChangeCalls(GatewayConnection gateway) => _gateway = gateway;

    /// <summary>
    /// Every change after an index, in order, none left out and none twice, whichever gateways come and go. What breaks
    /// is resumed; it ends by an exception when no gateway can be reached for as long as the client's patience.
    /// </summary>
    /// <param name="after">The last index that the caller has; 0 for all that are kept.</param>
    /// <param name="follow">Whether it goes on with what is yet to come; else it ends with the newest.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ProblemException">
    /// <c>index-compacted</c>: changes that old are no longer kept; read all entities, and go on from that index.
    /// </exception>
    public async IAsyncEnumerable<JournalEntry> Read(
        long after = 0, bool follow = true, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var isResumed = false;
        while (true)
        {
            using var answer = await Open(after, follow, isResumed, cancellation);
            await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
            using var lines = new StreamReader(body, Encoding.UTF8);
            var isWhole = false;
            while (await ReadLine(lines, cancellation) is { } line)
            {
                isWhole = line is { IsEnd: true };
                if (isWhole) break;
                if (line.Text.Length == 0) continue;
                var entry = JsonSerializer.Deserialize<JournalEntry>(line.Text, Wire.Answers)!;
                after = entry.Index;
                _gateway.See(after);
                yield return entry;
            }

            if (isWhole && !follow) yield break;
            // Its silo stops, or is gone.
            isResumed = true;
            _gateway.TurnAway();
            await Task.Delay(Pause, _gateway.Clock, cancellation);
        }
    }

    // A silo that lags behind the one that was heard before doesn't know the index yet.
    private async Task<HttpResponseMessage> Open(
        long after, bool follow, bool isResumed, CancellationToken cancellation)
    {
        var begun = _gateway.Clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await _gateway.Open(
                    GatewayRequest.Read("/v1/changes", [
                        string.Create(CultureInfo.InvariantCulture, $"after={after}"),
                        follow ? "follow=true" : "follow=false",
                    ]), cancellation);
            }
            catch (ProblemException refusal) when (
                isResumed && refusal is { Status: 400, Field: "after" }
                && _gateway.Clock.GetElapsedTime(begun) < _gateway.Options.Patience)
            {
                _gateway.TurnAway();
                await Task.Delay(Pause, _gateway.Clock, cancellation);
            }
        }
    }

    // Null: the answer broke off.
    private async Task<(string Text, bool IsEnd)?> ReadLine(StreamReader lines, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(_gateway.Options.SilenceMax, _gateway.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellation);
        try
        {
            return await lines.ReadLineAsync(either.Token) is { } line ? (line, false) : ("", true);
        }
        catch (Exception error) when (
            error is IOException or HttpRequestException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
