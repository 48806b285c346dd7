namespace Aedile.Tests.Engine.Reminders;

/// <summary>The ticks that grains got, in order.</summary>
public sealed class TickBook
{
    private readonly Lock _lock = new();
    private readonly List<string> _ticks = [];

    public IReadOnlyList<string> Ticks
    {
        get
        {
            lock (_lock) return [.. _ticks];
        }
    }

    public void Note(string tick)
    {
        lock (_lock) _ticks.Add(tick);
    }
}
