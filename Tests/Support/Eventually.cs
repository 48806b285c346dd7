namespace Aedile.Tests.Support;

/// <summary>Waits for an observed state of other processes; they can't tell a test when they reach it.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Returns when <paramref name="check"/> is true; fails the test when it isn't within the limit.</summary>
    public static Task True(string what, TimeSpan limit, Func<Task<bool>> check) =>
        Value(what, limit, async () => await check() ? (object?)what : null);

    /// <summary>Returns the first value that isn't null; fails the test, with the last error, at the limit.</summary>
    public static async Task<T> Value<T>(string what, TimeSpan limit, Func<Task<T?>> look) where T : class
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        while (true)
        {
            string? last = null;
            try
            {
                if (await look() is { } value) return value;
            }
            // The state is being reached: a refused connection or a failed assertion is one more "not yet".
            catch (Exception error) when (clock.GetElapsedTime(start) < limit)
            {
                last = error.Message;
            }
            if (clock.GetElapsedTime(start) > limit) Assert.Fail($"Not within {limit}: {what}. {last}");
            await Task.Delay(Pause, clock);
        }
    }
}
