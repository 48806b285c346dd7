using System.Text.Json;
using Aedile.Client;

namespace Aedile.Cli;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its head.</param>
/// <param name="Cell">What it shows of an item.</param>
internal sealed record Column<T>(string Title, Func<T, string> Cell);

/// <summary>Shows results: tables for people, or one JSON value a line for programs.</summary>
internal sealed class Output(TextWriter writer, bool isJson)
{
    // Wide enough is decided by so many rows at once: a long list is shown while it is read.
    private const int RowsAtOnce = 200;
    private const int CellMax = 60;

    /// <summary>Whether programs read it.</summary>
    public bool IsJson => isJson;

    /// <summary>Shows many things.</summary>
    public async Task List<T>(
        IAsyncEnumerable<T> items, IReadOnlyList<Column<T>> columns, CancellationToken cancellation)
    {
        var widths = columns.Select(column => column.Title.Length).ToArray();
        var rows = new List<string[]> { columns.Select(column => column.Title.ToUpperInvariant()).ToArray() };
        await foreach (var item in items.WithCancellation(cancellation))
        {
            if (isJson)
            {
                WriteJson(item);
                continue;
            }

            rows.Add([.. columns.Select(column => Cut(Terminal.Plain(column.Cell(item))))]);
            if (rows.Count >= RowsAtOnce) Flush(rows, widths);
        }

        if (!isJson) Flush(rows, widths);
        await writer.FlushAsync(cancellation);
    }

    /// <summary>Shows one thing.</summary>
    public void Show<T>(T item, params IEnumerable<(string Title, string Text)> facts)
    {
        if (isJson)
        {
            WriteJson(item);
            return;
        }

        var all = facts.ToList();
        var width = all.Max(fact => fact.Title.Length);
        foreach (var (title, text) in all)
            writer.WriteLine($"{(title + ":").PadRight(width + 1)}  {Terminal.Plain(text)}".TrimEnd());
    }

    /// <summary>A word to people; programs see it in the exit code.</summary>
    public void Say(string text)
    {
        if (!isJson) writer.WriteLine(Terminal.Plain(text));
    }

    /// <summary>A moment as people read it.</summary>
    public static string At(DateTimeOffset? moment) =>
        moment is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", null) + "Z" : "-";

    private void WriteJson<T>(T item) => writer.WriteLine(JsonSerializer.Serialize(item, Wire.Json));

    private void Flush(List<string[]> rows, int[] widths)
    {
        for (var i = 0; i < widths.Length; i++) widths[i] = Math.Max(widths[i], rows.Max(row => row[i].Length));
        foreach (var row in rows)
            writer.WriteLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        rows.Clear();
        if (widths.Length > 0) rows.EnsureCapacity(RowsAtOnce);
    }

    private static string Cut(string text) => text.Length <= CellMax ? text : text[..(CellMax - 1)] + "…";
}
