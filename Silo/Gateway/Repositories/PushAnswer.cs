using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Aedile.Client.Repositories;

namespace Aedile.Silo.Gateway.Repositories;

/// <summary>
/// Writes the answer to a push: on the bands, if the client chose them, the transaction id as soon as the pack is
/// there, then signs of life, then the report. A client that left is no reason to stop the push.
/// </summary>
internal sealed class PushAnswer(
    PipeWriter to, PushCapabilities capabilities, TransactionId transaction, PushOptions options, TimeProvider clock)
    : IDisposable
{
    private const byte DataBand = 1;
    private const byte MessageBand = 2;
    private const int BandBytesMax = PktLine.BytesMax - PktLine.HeaderBytes - 1;

    private readonly CancellationTokenSource _reported = new();
    private Task? _alive;

    /// <summary>The client has sent everything and reads now. Idempotent.</summary>
    public async Task Begin()
    {
        if (_alive is not null || !capabilities.SideBand) return;
        WriteBand(MessageBand, Encoding.ASCII.GetBytes($"transaction {transaction}\n"));
        await Flush();
        _alive = KeepAlive();
    }

    /// <summary>Writes the report; the last call.</summary>
    public async Task Report(PushReport report)
    {
        await _reported.CancelAsync();
        if (_alive is not null) await _alive;
        if (capabilities.ReportStatus)
        {
            if (!capabilities.SideBand) report.Write(to);
            else
            {
                var lines = new ArrayBufferWriter<byte>();
                report.Write(lines);
                WriteBand(DataBand, lines.WrittenSpan);
            }
        }
        if (capabilities.SideBand) PktLine.WriteFlush(to);
        await Flush();
    }

    /// <summary>Ends the signs of life, if no report did.</summary>
    public void Dispose()
    {
        _reported.Cancel();
        _reported.Dispose();
    }

    private async Task KeepAlive()
    {
        using var timer = new PeriodicTimer(options.KeepaliveInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_reported.Token))
            {
                PktLine.Write(to, [DataBand]);
                await Flush();
            }
        }
        catch (OperationCanceledException)
        {
            // The report comes.
        }
    }

    private void WriteBand(byte band, ReadOnlySpan<byte> bytes)
    {
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(bytes.Length, BandBytesMax)..])
        {
            var part = bytes[..Math.Min(bytes.Length, BandBytesMax)];
            PktLine.WriteHeader(to, PktLine.HeaderBytes + 1 + part.Length);
            to.Write([band]);
            to.Write(part);
        }
    }

    private async Task Flush()
    {
        try
        {
            await to.FlushAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client left; it can ask for the transaction.
        }
    }
}
