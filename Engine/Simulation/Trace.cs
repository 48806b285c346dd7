using System.Text;

namespace Aedile.Engine.Simulation;

/// <summary>Every event of a run as one running hash (FNV-1a), and as text when somebody wants to read it.</summary>
internal sealed class Trace(Func<TimeSpan> now, bool isKept)
{
    private readonly StringBuilder _text = new();
    private ulong _hash = 14695981039346656037;

    /// <summary>Hash over all events so far: equal for two equal runs.</summary>
    public ulong Hash => _hash;

    /// <summary>Whether the text is kept: then an event may say more than its hash needs.</summary>
    public bool IsKept => isKept;

    /// <summary>The events as lines; empty when they aren't kept.</summary>
    public string Text => _text.ToString();

    /// <summary>Adds an event.</summary>
    public void Add(string who, string what, string detail = "")
    {
        Mix((ulong)now().Ticks);
        Mix(who);
        Mix(what);
        Mix(detail);
        if (isKept) _text.Append($"{now().TotalMilliseconds,12:F3} {who,-10} {what} {detail}\n");
    }

    /// <summary>Adds a frame that arrives, by its bytes; null: the end of the link.</summary>
    public void Frame(string from, string to, ReadOnlySpan<byte> frame, bool isEnd)
    {
        foreach (var b in frame) Mix(b);
        Add(from, isEnd ? "end reaches" : "frame reaches", to);
        if (isKept) Say(from, $"{frame.Length} bytes");
    }

    /// <summary>Adds a line that is for readers only.</summary>
    public void Say(string who, string line)
    {
        if (isKept) _text.Append($"{now().TotalMilliseconds,12:F3} {who,-10}   {line}\n");
    }

    private void Mix(string text)
    {
        foreach (var c in text) Mix(c);
    }

    private void Mix(ulong value) => _hash = (_hash ^ value) * 1099511628211;
}
