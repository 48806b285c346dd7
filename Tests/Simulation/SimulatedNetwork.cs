using System.Text.Json;
using Aedile.Agent.Repositories;
using Aedile.Client;
using Aedile.Client.Fleet;
using Aedile.Client.Repositories;
using Aedile.Grains.Repositories;

namespace Aedile.Tests.Simulation;

/// <summary>
/// Every wire of a run. Messages travel as the JSON of the production records; they are delayed, lost, delivered twice
/// where a repetition is harmless by contract, and sometimes arrive long after the sender has given up.
/// </summary>
internal sealed class SimulatedNetwork(Run run) : IFetchWire
{
    private readonly Chance _chance = run.Chance.Split();

    private SimulatedScheduler Scheduler => run.Scheduler;

    /// <summary>Carries a call from a silo to a storage node and its answer back.</summary>
    /// <exception cref="StorageNodeException">No answer will come.</exception>
    public async Task<TReply> Call<TCommand, TReply>(
        SimulatedProcess caller, NodeName node, TCommand command,
        Func<StorageRole, TCommand, CancellationToken, Task<TReply>> handler, CancellationToken cancellation)
        where TCommand : notnull where TReply : notnull
    {
        Scheduler.AssertInside($"call of {node}");
        Scheduler.Trace.Add(caller.Name, $"send {typeof(TCommand).Name}", node.Value);
        run.Faults.Reached(caller, "send");
        if (!caller.IsAlive) await SimulatedProcess.Never<bool>();
        var text = JsonSerializer.Serialize(command, Wire.Json);
        Scheduler.Trace.Say(caller.Name, text);
        var answer = new TaskCompletionSource<TReply>();
        var copies = _chance.OneIn(50) ? 2 : 1;
        if (copies > 1) run.Done.Count("messages doubled");
        for (var copy = 0; copy < copies; copy++)
            Later(() => Deliver(caller, run.MachineOf(node), text, handler, answer, cancellation), mayBeLate: true);
        return await answer.Task.WaitAsync(cancellation);
    }

    /// <summary>An agent asks about its promise; null when no silo answers.</summary>
    public async Task<Resolution?> Ask(
        SimulatedProcess caller, Machine machine, OpenEntryQuestion question, CancellationToken cancellation)
    {
        Scheduler.AssertInside("resolve");
        var answer = new TaskCompletionSource<Resolution?>();
        Scheduler.Trace.Add(caller.Name, "ask", question.Transaction.ToString());
        Later(() =>
        {
            var open = run.Silos.Where(s => s.IsOpen).ToList();
            if (machine.IsCutOff || open.Count == 0) return;
            var silo = _chance.Pick(open);
            silo.Process.Run(async () =>
            {
                var reply = await silo.Resolve(question);
                Later(() => answer.TrySetResult(reply), mayBeLate: true);
            });
        }, mayBeLate: true);
        var limit = caller.Time.Wait(TimeSpan.FromSeconds(2));
        return await Task.WhenAny(answer.Task, limit) == answer.Task ? await answer.Task : null;
    }

    /// <inheritdoc/>
    public async Task<(SortedDictionary<string, string> Refs, byte[] Pack)> Fetch(
        SimulatedProcess caller, Uri repository, ReplicaVersion wanted)
    {
        var node = NodeName.Parse(repository.Host);
        var id = RepositoryId.Parse(repository.Segments[^1]);
        try
        {
            var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), caller.Time);
            var refs = await Call(
                caller, node, wanted, (_, version, ct) => ReadRefs(node, id, version, ct), limit.Token);
            if (refs.Refs is null) throw new GitException("The source does not hold the wanted version.");
            var pack = await Call(
                caller, node, wanted, (role, _, _) => Task.FromResult(SimulatedPack.Write(
                    new ObjectStore(run.MachineOf(node).Image, role.Shelf[id].Path, null).All)), limit.Token);
            return (refs.Refs, pack);
        }
        catch (Exception error) when (error is StorageNodeException or OperationCanceledException)
        {
            throw new GitException($"The source {node} can't be reached.", error);
        }
    }

    /// <summary>A read at a storage node, run by its agent.</summary>
    public Task<RefView> ReadRefs(
        NodeName node, RepositoryId repository, ReplicaVersion version, CancellationToken cancellation) =>
        RefView.Read(run.MachineOf(node).Agent!, repository, version, !run.Sabotage.ServesAnything, cancellation);

    /// <summary>Calls back after a message's time on the way; not at all when it is lost.</summary>
    public void Later(Action arrival, bool mayBeLate)
    {
        if (run.Faults.AreOn && mayBeLate && _chance.OneIn(run.Profile.LossOneIn))
        {
            run.Done.Count("messages lost");
            return;
        }
        var delay = _chance.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(2));
        if (run.Faults.AreOn && mayBeLate && _chance.OneIn(run.Profile.LateOneIn))
        {
            delay = _chance.Milliseconds(5, 20_000);
            run.Done.Count("messages late");
        }
        Scheduler.At(Scheduler.Now + delay, Scheduler.Outside, arrival);
    }

    private void Deliver<TCommand, TReply>(
        SimulatedProcess caller, Machine machine, string text,
        Func<StorageRole, TCommand, CancellationToken, Task<TReply>> handler, TaskCompletionSource<TReply> answer,
        CancellationToken cancellation)
        where TCommand : notnull where TReply : notnull
    {
        // Without power or network there is no answer at all; without a process it is refused at once.
        if (!machine.IsOn || machine.IsCutOff) return;
        if (machine.Agent is not { Role: { } role } agent)
        {
            Later(() => answer.TrySetException(
                new StorageNodeException($"{machine.Name} refused the connection.")), false);
            return;
        }
        // The caller hangs up: the agent sees it after a while, if it lives.
        var hangUp = new CancellationTokenSource();
        cancellation.Register(() => Later(() => agent.Process.Run(() =>
        {
            hangUp.Cancel();
            return Task.CompletedTask;
        }), mayBeLate: true));
        _ = Reset(machine, agent, answer);
        var command = JsonSerializer.Deserialize<TCommand>(text, Wire.Json)!;
        agent.Process.Run(() => Handle(agent, machine, handler(role, command, hangUp.Token), answer));
    }

    private async Task Handle<TReply>(
        SimulatedAgent agent, Machine machine, Task<TReply> handling, TaskCompletionSource<TReply> answer)
        where TReply : notnull
    {
        try
        {
            var reply = JsonSerializer.Serialize(await handling, Wire.Json);
            Scheduler.Trace.Add(agent.Process.Name, "reply");
            Scheduler.Trace.Say(agent.Process.Name, reply);
            run.Faults.Reached(agent.Process, "reply");
            if (!agent.Process.IsAlive || machine.IsCutOff) return;
            Later(() => answer.TrySetResult(JsonSerializer.Deserialize<TReply>(reply, Wire.Json)!), mayBeLate: true);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for the answer any more.
        }
        catch (Exception error)
        {
            if (!agent.Process.IsAlive) return;
            if (error is not (IOException or GitException)) run.Unexpected(agent.Process.Name, error);
            Later(() => answer.TrySetException(
                new StorageNodeException($"{machine.Name}: 500, {error.Message}")), false);
        }
    }

    private async Task Reset<TReply>(Machine machine, SimulatedAgent agent, TaskCompletionSource<TReply> answer)
    {
        await agent.Death;
        if (machine.IsOn && !machine.IsCutOff)
            Later(() => answer.TrySetException(
                new StorageNodeException($"{machine.Name} reset the connection.")), false);
    }
}
