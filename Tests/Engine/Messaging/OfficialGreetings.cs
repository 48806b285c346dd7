namespace Aedile.Tests.Engine.Messaging;

/// <summary>The first bytes that programs with Orleans 10.4.2 sent to a port, recorded.</summary>
internal static class OfficialGreetings
{
    public static byte[] OfSilo { get; } = Convert.FromHexString(
        "6100000020081503212020604256ea2a41117379732e73696c6fe0e021605a230fdd414930313131313131312d313131312d313131312d"
        + "313131312d313131313131313131313131e0e02140097f000001010ada61bb753209e04111636f756e74657273e0");

    public static byte[] OfClient { get; } = Convert.FromHexString(
        "4d00000020081503212020606afe65c741157379732e636c69656e74e0e021604881106341416630323937386335316536323463333739"
        + "316465326162313537336435313831e0e0c101410974657374e0");
}
