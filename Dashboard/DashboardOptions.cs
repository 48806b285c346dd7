namespace Aedile.Dashboard;

/// <summary>What the host tells the dashboard.</summary>
public sealed class DashboardOptions
{
    /// <summary>
    /// Folder for the keys that protect cookies, made with mode 0700. Silos of one fleet must share it. Null, the
    /// default: keys in memory, so everyone signs in again after a restart; for tests.
    /// </summary>
    public string? KeysFolder { get; set; }

    /// <summary>
    /// Where the admin token is, as people see it; shown in texts only. Default <c>data/admin.token</c>.
    /// </summary>
    public string TokenFile { get; set; } = "data/admin.token";
}
