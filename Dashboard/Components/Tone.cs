namespace Aedile.Dashboard.Components;

/// <summary>What a colour means. Never the only sign: a word or a shape always says the same.</summary>
internal enum Tone
{
    /// <summary>Nothing to see, or not known.</summary>
    Quiet,

    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Under way; it will end by itself.</summary>
    Busy,

    /// <summary>Less than it should be; nothing is lost.</summary>
    Warning,

    /// <summary>Broken: someone should look.</summary>
    Bad,
}

/// <summary>The style class of a <see cref="Tone"/>.</summary>
internal static class ToneClass
{
    public static string Css(this Tone tone) => tone switch
    {
        Tone.Good => "tone-good",
        Tone.Busy => "tone-busy",
        Tone.Warning => "tone-warning",
        Tone.Bad => "tone-bad",
        _ => "tone-quiet",
    };
}
