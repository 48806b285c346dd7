using System.Data.Common;
using System.Globalization;
using Aedile.Engine.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Storage;

namespace Aedile.Engine.Storage;

/// <summary>Grain state in a database through ADO.NET. The ETag is the row's version.</summary>
internal sealed class AdoNetGrainStorage : IGrainStorage, IStorageSetup, IAsyncDisposable
{
    private readonly string _name;
    private readonly AdoNetGrainStorageOptions _options;
    private readonly string _service;
    private readonly StateJson _json;
    private readonly ILogger _log;
    private readonly DatabaseDialect _dialect;
    private readonly DbDataSource _database;
    private readonly WriteLane[] _lanes;

    private AdoNetGrainStorage(IServiceProvider services, string name)
    {
        _name = name;
        _options = services.GetRequiredService<IOptionsMonitor<AdoNetGrainStorageOptions>>().Get(name);
        _service = services.GetRequiredService<IOptions<ClusterOptions>>().Value.ServiceId;
        _json = new StateJson(
            services.GetRequiredService<IOptions<SystemTextJsonGrainStorageSerializerOptions>>().Value);
        _log = services.GetRequiredService<ILogger<AdoNetGrainStorage>>();
        _dialect = DatabaseDialect.Of(_options.Invariant);

        var seams = services.GetRequiredService<SiloSeams>();
        var clock = seams.Clock ?? services.GetRequiredService<TimeProvider>();
        _database = Open(_options, seams, name);
        _lanes =
        [
            .. Enumerable.Range(0, _dialect.WriteLanes)
                .Select(_ => new WriteLane(_database, _dialect, seams.Scheduler, clock)),
        ];
    }

    public static AdoNetGrainStorage Create(IServiceProvider services, string name) => new(services, name);

    public async Task Prepare(CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await _dialect.PrepareWriter(connection, cancellationToken);
        await _dialect.CreateSchema(
            connection, "Storage", ["create_storage_table", "create_storage_index"], cancellationToken);
        _log.StorageReady(_name, _options.Invariant);
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = await Read(RowOf(stateName, grainId));
        var etag = TextOf(stored.Version);
        if (stored.Payload is not { } payload)
        {
            FreshState.Reset(grainState, etag);
            return;
        }

        grainState.State = _json.Read<T>(payload);
        grainState.ETag = etag;
        grainState.RecordExists = true;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = RowOf(stateName, grainId);
        var payload = _json.Write(grainState.State);
        grainState.ETag = await Apply(new StateWrite(row, VersionOf(grainState.ETag), payload, Deletes: false));
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = RowOf(stateName, grainId);
        var version = VersionOf(grainState.ETag);
        var etag = await Apply(new StateWrite(row, version, null, _options.DeleteStateOnClear && version is not null));
        FreshState.Reset(grainState, etag);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes) await lane.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static DbDataSource Open(AdoNetGrainStorageOptions options, SiloSeams seams, string name)
    {
        if (options.DataSource is null == string.IsNullOrEmpty(options.ConnectionString))
        {
            throw new InvalidOperationException(
                $"Storage {name} needs a connection string or a data source, and not both.");
        }

        return options.DataSource ?? seams.Databases(options.Invariant, options.ConnectionString);
    }

    private static string? TextOf(long? version) => version?.ToString(CultureInfo.InvariantCulture);

    private static long? VersionOf(string? etag) =>
        etag is null ? null : long.Parse(etag, CultureInfo.InvariantCulture);

    private StateRow RowOf(string stateName, GrainId grainId) => _dialect.RowOf(_service, stateName, grainId);

    private async Task<StoredState> Read(StateRow row)
    {
        try
        {
            try
            {
                return await ReadOnce(row);
            }
            catch (DbException error) when (!StateSession.IsRefusal(error))
            {
                // A pooled connection may be of a database that was restarted since; that shows with its first use.
                return await ReadOnce(row);
            }
        }
        catch (DbException error)
        {
            throw new OrleansException($"Could not read {row}: the database failed.", error);
        }
    }

    private async Task<StoredState> ReadOnce(StateRow row)
    {
        await using var session = _dialect.Use(await _database.OpenConnectionAsync());
        return await session.Read(row);
    }

    private async Task<string?> Apply(StateWrite write)
    {
        // Writes of one row stay in order.
        var lane = (uint)(write.Row.Key.Hash ^ write.Row.StateHash) % (uint)_lanes.Length;
        var result = await _lanes[lane].Write(write);
        if (result.IsStored) return TextOf(result.Version);
        throw new InconsistentStateException(
            $"{write.Row} was written by somebody else.", TextOf(result.Version), TextOf(write.Expected));
    }
}
