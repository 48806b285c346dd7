using System.Globalization;

namespace Aedile.Dashboard.SignIn;

/// <summary>What the sign-in pages say when they are shown again. Pure.</summary>
internal static class SignInWords
{
    private const int WaitSecondsMax = 7_200;

    /// <summary>A refusal in an address.</summary>
    public static string CodeOf(SignInRefusal refusal) => refusal switch
    {
        SignInRefusal.Later => "throttled",
        SignInRefusal.BadPassword => "password",
        SignInRefusal.Over => "over",
        SignInRefusal.NotNow => "not-now",
        _ => "wrong",
    };

    /// <summary>The sentence for a code of an address, which anybody may have written.</summary>
    public static string? Of(string? code, int wait) => code switch
    {
        null => null,
        "throttled" when wait is > 0 and <= WaitSecondsMax => string.Create(
            CultureInfo.InvariantCulture, $"Too many attempts. Wait {wait} s and try again."),
        "throttled" => "Too many attempts. Wait a while and try again.",
        "password" => "The password needs 12 to 256 characters, twice the same.",
        "over" => "This token was used before, or is too late. Ask for another one.",
        "not-now" => "Nobody can be signed in right now; try again in a moment.",
        _ => "This is not valid.",
    };
}
