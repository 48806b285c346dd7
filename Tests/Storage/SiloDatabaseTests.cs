using Aedile.Silo.Storage;
using Npgsql;

namespace Aedile.Tests.Storage;

/// <summary>Goal: whatever an operator's connection string leaves out, a silo's connections are safe.</summary>
public sealed class SiloDatabaseTests
{
    [Theory]
    [InlineData("Host=db")]
    [InlineData("Host=db;Cancellation Timeout=2000")]
    public void No_command_is_cancelled_on_the_server(string given) =>
        Assert.Equal(-1, Opened(given).CancellationTimeout);

    [Theory]
    [InlineData("Host=db", 5)]
    [InlineData("Host=db;Timeout=9", 9)]
    [InlineData("Host=db;timeout=15", 15)]
    public void A_connection_is_awaited_for_five_seconds_unless_it_says_otherwise(string given, int seconds) =>
        Assert.Equal(seconds, Opened(given).Timeout);

    [Theory]
    [InlineData("Host=db", 10)]
    [InlineData("Host=db;Command Timeout=30", 30)]
    [InlineData("Host=db;command timeout=9", 9)]
    public void A_command_may_take_ten_seconds_unless_it_says_otherwise(string given, int seconds) =>
        Assert.Equal(seconds, Opened(given).CommandTimeout);

    [Theory]
    [InlineData("Host=db", GssEncryptionMode.Disable)]
    [InlineData("Host=db;GSS Encryption Mode=Prefer", GssEncryptionMode.Prefer)]
    [InlineData("Host=db;gss encryption mode=require", GssEncryptionMode.Require)]
    public void Kerberos_encrypts_only_if_it_says_so(string given, GssEncryptionMode mode) =>
        Assert.Equal(mode, Opened(given).GssEncryptionMode);

    [Fact]
    public void What_else_it_says_stays()
    {
        var opened = Opened("Host=db1,db2;Username=u;Password=p;Target Session Attributes=primary");
        Assert.Equal(("db1,db2", "u", "p", "primary"),
            (opened.Host, opened.Username, opened.Password, opened.TargetSessionAttributes));
    }

    [Theory]
    [InlineData("Host=db;Colour=red")]
    [InlineData("db")]
    public void What_is_no_connection_string_is_refused(string given) =>
        Assert.ThrowsAny<ArgumentException>(() => SiloDatabase.OnPostgres(given));

    private static NpgsqlConnectionStringBuilder Opened(string given) =>
        new(SiloDatabase.OnPostgres(given).ConnectionString);
}
