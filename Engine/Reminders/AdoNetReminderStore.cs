using System.Data;
using System.Data.Common;
using System.Globalization;
using Aedile.Engine.Runtime;
using Aedile.Engine.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;

namespace Aedile.Engine.Reminders;

/// <summary>
/// Reminders in a database through ADO.NET, in the table and with the values of the official provider: the grain's id
/// as text, its hash, the period in milliseconds.
/// </summary>
internal sealed class AdoNetReminderStore : IReminderStore, IStorageSetup, IAsyncDisposable
{
    private const int AnswerSecondsMax = 10;

    // In milliseconds: what a time span holds.
    private const long LongestPeriod = long.MaxValue / TimeSpan.TicksPerMillisecond;

    private readonly AdoNetReminderTableOptions _options;
    private readonly TimeSpan _setupLimit;
    private readonly string _service;
    private readonly DatabaseDialect _dialect;
    private readonly DbDataSource _database;
    private readonly TaskScheduler _scheduler;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;

    public AdoNetReminderStore(IServiceProvider services)
    {
        _options = services.GetRequiredService<IOptions<AdoNetReminderTableOptions>>().Value;
        _setupLimit = services.GetRequiredService<IOptions<ReminderOptions>>().Value.InitializationTimeout;
        _service = services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId;
        _dialect = DatabaseDialect.Of(_options.Invariant);
        _log = services.GetRequiredService<ILogger<AdoNetReminderStore>>();
        var seams = services.GetRequiredService<SiloSeams>();
        _scheduler = seams.Scheduler;
        _clock = seams.Clock ?? services.GetRequiredService<TimeProvider>();
        if (_options.DataSource is null == string.IsNullOrEmpty(_options.ConnectionString))
        {
            throw new InvalidOperationException(
                "UseAdoNetReminderService needs a connection string or a data source, and not both.");
        }

        _database = _options.DataSource ?? seams.Databases(_options.Invariant, _options.ConnectionString);
    }

    public async Task Prepare(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_setupLimit, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await using var connection = await _database.OpenConnectionAsync(both.Token);
        await _dialect.PrepareWriter(connection, both.Token);
        await _dialect.CreateSchema(connection, "Reminders", ["create_reminders_table"], both.Token);
        _log.TableReady(_options.Invariant);
    }

    public Task<IReadOnlyList<Reminder>> ReadAll(Func<GrainId, bool> wanted, CancellationToken cancellation) =>
        Run("the reminders", "read_reminders", command => ReadRows(command, wanted, cancellation), cancellation);

    public Task<IReadOnlyList<Reminder>> ReadGrain(GrainId grain) =>
        Run($"the reminders of {grain}", "read_grain_reminders", command =>
        {
            Add(command, "@grain", DbType.String, grain.ToString());
            return ReadRows(command, id => id == grain, default);
        });

    public async Task<Reminder?> Read(ReminderId id) =>
        (await ReadGrain(id.Grain)).FirstOrDefault(reminder => reminder.Id == id);

    public async Task<Reminder> Put(Reminder reminder)
    {
        var version = await Run(reminder.Id.ToString(), "upsert_reminder", command =>
        {
            AddId(command, reminder.Id);
            Add(command, "@start", DbType.DateTime, reminder.StartAt.UtcDateTime);
            Add(command, "@period", DbType.Int64, (long)reminder.Period.TotalMilliseconds);
            Add(command, "@hash", DbType.Int32, OfficialGrainHash.Of(reminder.Id.Grain));
            return command.ExecuteScalarAsync();
        });
        return reminder with { Version = Convert.ToInt32(version, CultureInfo.InvariantCulture) };
    }

    public async Task<bool> TryRemove(ReminderId id, int version) =>
        await Run(id.ToString(), "delete_reminder", command =>
        {
            AddId(command, id);
            Add(command, "@version", DbType.Int32, version);
            return command.ExecuteNonQueryAsync();
        }) == 1;

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static void AddId(DbCommand command, ReminderId id)
    {
        Add(command, "@grain", DbType.String, id.Grain.ToString());
        Add(command, "@name", DbType.String, id.Name);
    }

    private static void Add(DbCommand command, string name, DbType type, object value) =>
        StateParameters.Of(command).Add(name, type, value);

    private async Task<IReadOnlyList<Reminder>> ReadRows(
        DbCommand command, Func<GrainId, bool> wanted, CancellationToken cancellation)
    {
        var reminders = new List<Reminder>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (grainText, name, period) = (reader.GetString(0), reader.GetString(1), reader.GetInt64(3));
            if (!GrainId.TryParse(grainText, out var grain) || period is <= 0 or > LongestPeriod)
            {
                _log.SenselessRow(grainText, name, period);
                continue;
            }

            if (!wanted(grain)) continue;
            var start = DateTime.SpecifyKind(reader.GetDateTime(2), DateTimeKind.Utc);
            reminders.Add(new Reminder(
                new(grain, name), start, TimeSpan.FromMilliseconds(period), reader.GetInt32(4)));
        }

        return reminders;
    }

    // On the silo's scheduler, not on a grain's turns: SQLite blocks its thread, for milliseconds when it flushes.
    private Task<TResult> Run<TResult>(
        string what, string statement, Func<DbCommand, Task<TResult>> use, CancellationToken cancellation = default) =>
        Task.Factory.StartNew(
            () => RunTwice(what, statement, use, cancellation),
            CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();

    private async Task<TResult> RunTwice<TResult>(
        string what, string statement, Func<DbCommand, Task<TResult>> use, CancellationToken cancellation)
    {
        try
        {
            return await RunOnce(statement, use, cancellation);
        }
        catch (DbException error) when (!StateSession.IsRefusal(error))
        {
            // A pooled connection may be of a database that was restarted since; that shows with its first use. If the
            // first run took effect all the same, the second only repeats it.
        }

        try
        {
            return await RunOnce(statement, use, cancellation);
        }
        catch (DbException error)
        {
            throw new OrleansException($"The database failed with {what}; whether it did it is unknown.", error);
        }
    }

    private async Task<TResult> RunOnce<TResult>(
        string statement, Func<DbCommand, Task<TResult>> use, CancellationToken cancellation)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellation);
        await _dialect.PrepareWriter(connection, cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = SqlText.Of("Reminders", statement, _dialect.Name);
        command.CommandTimeout = AnswerSecondsMax;
        Add(command, "@service", DbType.String, _service);
        return await use(command);
    }
}
