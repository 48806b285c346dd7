using System.Text;
using Aedile.Agent.Model;
using Aedile.Agent.Repositories;
using Aedile.Client.Fleet;
using Aedile.Client.Model.Copies;
using Aedile.Tests.Support;

namespace Aedile.Tests.Simulation;

/// <summary>
/// Goal: an agent that starts without any silo has a copy that it had before, or none; never a wrong one.
/// </summary>
public sealed class CopyFileTests
{
    private const string Folder = "/data/model";

    private readonly DiskImage _image = new();
    private readonly CopyFile _file;

    public CopyFileTests()
    {
        _image.CreateFolder("/data");
        _image.FlushFolder("/");
        _file = new CopyFile(new ImageDisk(_image), Folder);
    }

    private static ModelCopy Copy(int index) => ModelCopy.Empty.With(
        Enumerable.Range(0, index).Select(i => new CopiedEntity(
            "role", $"r{i}", $$"""{"kind":"role","id":"r{{i}}","name":"\u00fc{{i}}"}""")), []).At("t", index);

    [Fact]
    public async Task What_was_saved_is_loaded_and_nothing_is_no_fault()
    {
        Assert.Equal((ModelCopy.Empty, null), await _file.Load());
        await _file.Save(Copy(3));
        await _file.Save(Copy(2));
        var (copy, fault) = await _file.Load();
        Assert.Null(fault);
        Assert.Equal(Copy(2).Point, copy.Point);
        Assert.Equal(Copy(2).All, copy.All);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task After_a_loss_of_power_the_copy_is_the_last_one_saved(int seed)
    {
        var chance = new Chance((ulong)seed);
        for (var i = 1; i < 20; i++)
        {
            await _file.Save(Copy(i));
            // Half-way through the next.
            _image.Write(Path.Combine(Folder, "copy.jsonl.new"), Encoding.UTF8.GetBytes("torn"));
            if (i % 3 == 0) _image.Rename($"{Folder}/copy.jsonl.new", $"{Folder}/other");
            _image.LosePower(chance);
            var (copy, fault) = await _file.Load();
            Assert.Equal((null, (long)i), (fault, copy.Index));
        }
    }

    [Fact]
    public async Task Any_damage_is_found_and_the_file_is_set_aside_for_people()
    {
        await _file.Save(Copy(3));
        var path = Path.Combine(Folder, "copy.jsonl");
        var good = _image.Read(path);
        for (var at = 0; at < good.Length; at += 7)
        {
            var bad = good.ToArray();
            bad[at] ^= 1;
            _image.Write(path, bad);
            var (copy, fault) = await _file.Load();
            Assert.Equal(0, copy.Count);
            Assert.NotNull(fault);
            Assert.False(_image.Exists(path));
            Assert.Equal(bad, _image.Read(Path.Combine(Folder, "copy.corrupt")));
        }

        foreach (var length in new[] { 0, 10, good.Length - 1 })
        {
            _image.Write(path, good.AsSpan(0, length));
            Assert.NotNull((await _file.Load()).Fault);
        }
    }

    [Fact]
    public async Task An_agent_without_a_silo_has_its_copy_and_what_sessions_bring_is_on_disk_soon()
    {
        var clock = new ManualTime();
        await _file.Save(Copy(3));
        var model = await AgentModel.Open(_file, clock, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        Assert.Equal(Copy(3).Point, model.Current.Point);
        using var stopping = new CancellationTokenSource();
        var running = model.Run(stopping.Token);
        Assert.Equal(Copy(3).Point, model.Begin().Has);
        var next = Copy(4);
        Assert.Null(model.Take(new SessionMessage.CopyPiece(false, [.. next.All.Skip(3)], [], next.Point)));
        Assert.Equal(4, model.Current.Index);
        await Eventually.True("it is on disk", TimeSpan.FromSeconds(10), async () =>
            (await _file.Load()).Copy.Index == 4);
        // Within a second of the last one it waits, but not for the end of the agent.
        model.Take(new SessionMessage.CopyMark(next.At("t", 9).Point));
        await stopping.CancelAsync();
        await running;
        Assert.Equal(9, (await _file.Load()).Copy.Index);
    }

    private sealed class ImageDisk(DiskImage image) : IDisk
    {
        public ValueTask<bool> Exists(string path) => ValueTask.FromResult(image.Exists(path));

        public ValueTask<byte[]> Read(string path) => ValueTask.FromResult(image.Read(path));

        public ValueTask<IReadOnlyList<DiskEntry>> List(string directory) => throw new NotSupportedException();

        public ValueTask CreateDirectory(string path) => Do(() => image.CreateFolder(path));

        public ValueTask Write(string path, ReadOnlyMemory<byte> content) => Do(() => image.Write(path, content.Span));

        public ValueTask<IAppendFile> OpenAppend(string path) => throw new NotSupportedException();

        public ValueTask Rename(string from, string to) => Do(() => image.Rename(from, to));

        public ValueTask DeleteFile(string path) => Do(() => image.DeleteFile(path));

        public ValueTask DeleteTree(string path) => Do(() => image.DeleteTree(path));

        public ValueTask FlushFile(string path) => Do(() => image.FlushFile(path));

        public ValueTask FlushDirectory(string path) => Do(() => image.FlushFolder(path));

        private static ValueTask Do(Action act)
        {
            act();
            return ValueTask.CompletedTask;
        }
    }
}
