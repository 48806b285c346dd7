using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Aedile.Client;
using Aedile.Client.Model;
using Aedile.Grains.Interfaces.Model;
using Aedile.Grains.Model;
using Aedile.Silo.Model;

namespace Aedile.Silo.Gateway.Model;

/// <summary>
/// <c>GET /v1/changes</c>: the journal from any kept index on, as server-sent events or as JSON lines. It reads the
/// journal a page at a time, so that a slow reader holds nothing and keeps nobody up; who is cut resumes.
/// </summary>
internal sealed class ChangesFeed(IModelJournal journal, ModelReplica replica)
{
    private const int PageSize = 500;
    private const string LinesType = "application/x-ndjson";
    private const string EventsType = "text/event-stream";

    // Something passes now and then, so that both ends notice when the other is gone.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    /// <summary>Writes until the reader leaves; with <c>follow=false</c>, to the newest entry.</summary>
    public async Task<IResult> Send(HttpContext http)
    {
        var query = http.Request.Query;
        if (ParseAfter(http.Request) is not { } after)
            return Problems.InvalidParameter("after", "It is one index: a number that is not negative.");
        var asked = query["follow"];
        if (asked is not ([] or ["true"] or ["false"]))
            return Problems.InvalidParameter("follow", "It is true or false.");
        if (after > replica.Current.Index)
            return Problems.InvalidParameter("after", $"The newest index is {replica.Current.Index}.");
        ImmutableArray<ModelEntry> page;
        try
        {
            page = await journal.Read(after, PageSize, http.RequestAborted);
        }
        catch (EntriesCompactedException)
        {
            return ModelProblems.Compacted();
        }
        catch (JournalAwayException)
        {
            return Problems.Unavailable("The journal can't be read now.");
        }

        var isEvents = http.Request.Headers.Accept.ToString().Contains(EventsType, StringComparison.Ordinal);
        http.Response.ContentType = isEvents ? EventsType : LinesType;
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await Stream(http, page, after, isEvents, asked is not ["false"]);
        }
        catch (Exception error) when (
            error is OperationCanceledException or JournalAwayException or EntriesCompactedException)
        {
            // The reader left, or has to resume when the journal is back: the answer has begun.
        }

        return Results.Empty;
    }

    private async Task Stream(
        HttpContext http, ImmutableArray<ModelEntry> page, long after, bool isEvents, bool isFollowing)
    {
        var stopping = http.RequestAborted;
        while (true)
        {
            foreach (var entry in page) await http.Response.WriteAsync(Format(entry, isEvents), stopping);
            if (!page.IsEmpty) after = page[^1].Index;
            await http.Response.Body.FlushAsync(stopping);
            if (page.Length < PageSize)
            {
                if (!isFollowing) return;
                while (!await replica.WaitFor(after + 1, Quiet, stopping))
                {
                    await http.Response.WriteAsync(isEvents ? ":\n\n" : "\n", stopping);
                    await http.Response.Body.FlushAsync(stopping);
                }
            }

            page = await journal.Read(after, PageSize, stopping);
        }
    }

    private static string Format(ModelEntry entry, bool isEvents)
    {
        var content = ContentOf(entry);
        return isEvents
            ? string.Create(CultureInfo.InvariantCulture, $"id: {entry.Index}\ndata: {content}\n\n")
            : content + "\n";
    }

    // As the journal has it, but for secrets.
    private static string ContentOf(ModelEntry entry)
    {
        var read = JsonSerializer.Deserialize<JournalEntry>(entry.Content, Wire.Json)!;
        var shown = ReaderView.Of(read);
        return ReferenceEquals(read, shown) ? entry.Content : JsonSerializer.Serialize(shown, Wire.Json);
    }

    // A browser that comes back says where it was by a header.
    private static long? ParseAfter(HttpRequest request)
    {
        var given = request.Headers["Last-Event-ID"] is { Count: > 0 } last ? last : request.Query["after"];
        return given switch
        {
            [] => 0,
            [var text] when long.TryParse(
                text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
    }
}
