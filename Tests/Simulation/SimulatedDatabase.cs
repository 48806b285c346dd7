using System.Globalization;
using Aedile.Engine.Storage;
using Aedile.Grains.Repositories;
using Orleans.Serialization;
using Orleans.Storage;

namespace Aedile.Tests.Simulation;

/// <summary>The database of a run: rows, written by compare-and-set. It outlives every silo.</summary>
internal sealed class SimulatedDatabase(Run run)
{
    private readonly Dictionary<string, (int Version, byte[] Payload)> _rows = [];
    private readonly StateJson _json = new(new SystemTextJsonGrainStorageSerializerOptions());

    /// <summary>The repository's row as it is now; null when there is none.</summary>
    public RepositoryState? Repository { get; private set; }

    /// <summary>The row; version 0 when there is none.</summary>
    public (int Version, byte[] Payload) Get(string key) => _rows.GetValueOrDefault(key);

    /// <summary>Writes if the version is still the one expected.</summary>
    public bool TrySet(string key, int expected, byte[] payload)
    {
        var current = _rows.GetValueOrDefault(key);
        if (current.Version != expected && !run.Sabotage.WritesBlindly) return false;
        _rows[key] = (current.Version + 1, payload);
        Repository = _json.Read<RepositoryState>(payload);
        run.Ledger.RowWritten(Repository);
        return true;
    }

    /// <summary>A silo's connection.</summary>
    public IGrainStorage Connect(SimulatedSilo silo) => new Connection(run, this, silo, run.Chance.Split());

    private sealed class Connection(Run run, SimulatedDatabase database, SimulatedSilo silo, Chance chance)
        : IGrainStorage
    {
        public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            await Travel("read", grainId);
            var row = database.Get($"{stateName}/{grainId}");
            await Travel("read-done", grainId);
            grainState.ETag = row.Version == 0 ? null : $"{row.Version}";
            grainState.RecordExists = row.Version != 0;
            if (row.Version == 0) FreshState.Reset(grainState);
            else grainState.State = database._json.Read<T>(row.Payload);
        }

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var payload = database._json.Write(grainState.State);
            var expected = grainState.ETag is { } tag ? int.Parse(tag, CultureInfo.InvariantCulture) : 0;
            var answer = new TaskCompletionSource<bool>();
            await Enter("write", grainId);
            var fault = run.Faults.AreOn && chance.OneIn(run.Profile.DatabaseFaultOneIn) ? chance.Below(3) : -1;
            if (fault >= 0) run.Done.Count("database writes failed");
            if (fault == 0) throw new IOException("The database refused the connection.");
            // What has been sent takes effect whether or not its sender still lives, and however late.
            var due = chance.OneIn(30) && run.Faults.AreOn
                ? chance.Milliseconds(10, 8000)
                : chance.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(3));
            run.Scheduler.At(run.Scheduler.Now + due, run.Scheduler.Outside, () =>
            {
                if (fault == 1) answer.TrySetException(new IOException("The connection broke before the write."));
                var isForgotten = run.Sabotage.SaysWrittenEarly && run.IsReady && chance.OneIn(10);
                var isWritten = fault != 1 && !isForgotten
                    && database.TrySet($"{stateName}/{grainId}", expected, payload);
                run.Scheduler.Trace.Add("database", isWritten ? "written" : "not written", $"{expected}");
                if (fault == 2)
                    answer.TrySetException(new IOException("The connection broke; the outcome is unknown."));
                else run.Network.Later(() => answer.TrySetResult(isWritten), mayBeLate: false);
            });
            if (run.Sabotage.SaysWrittenEarly) answer.TrySetResult(true);
            var isSet = await answer.Task;
            await Enter("write-done", grainId);
            if (!isSet)
                throw new InconsistentStateException(
                    "Somebody else wrote.", $"{database.Get($"{stateName}/{grainId}").Version}", grainState.ETag);
            grainState.ETag = $"{expected + 1}";
            grainState.RecordExists = true;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            throw new NotSupportedException("No grain of ours clears its row.");

        private async Task Travel(string what, GrainId grain)
        {
            await Enter(what, grain);
            if (run.Faults.AreOn && chance.OneIn(run.Profile.DatabaseFaultOneIn))
                throw new IOException("The database refused the connection.");
            await silo.Process.Time.Wait(chance.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(2)));
        }

        private async Task Enter(string what, GrainId grain)
        {
            run.Scheduler.AssertInside($"database {what}");
            run.Scheduler.Trace.Add(silo.Process.Name, $"database {what}", grain.Key.ToString());
            run.Faults.Reached(silo.Process, what);
            if (!silo.Process.IsAlive) await SimulatedProcess.Never<bool>();
        }
    }
}
