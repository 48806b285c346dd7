namespace Aedile.Tests.Simulation;

/// <summary>
/// A folder: its names as the running system sees them, as they were last made durable, and what lies between.
/// </summary>
internal sealed class DiskFolder : DiskNode
{
    private readonly List<NameChange> _pending = [];
    private SortedList<string, DiskNode> _durable = new(StringComparer.Ordinal);

    /// <summary>The names now.</summary>
    public SortedList<string, DiskNode> Names { get; private set; } = new(StringComparer.Ordinal);

    /// <summary>Whether a power loss may change it.</summary>
    public bool IsDirty => _pending.Count > 0;

    /// <summary>Gives a name to a node, or takes it away (null).</summary>
    public void Set(string name, DiskNode? node) => Add(new NameChange(this, name, node));

    /// <summary>
    /// Renames, atomically: after a crash never neither name, and both only if the new one alone was flushed.
    /// </summary>
    public static void Move(DiskFolder from, string oldName, DiskFolder to, string newName)
    {
        var node = from.Names[oldName];
        var arrival = new NameChange(to, newName, node);
        var departure = new NameChange(from, oldName, null) { Arrival = arrival };
        to.Add(arrival);
        from.Add(departure);
    }

    /// <summary>Makes the names durable.</summary>
    public void Flush()
    {
        foreach (var change in _pending) change.MakeDurable();
        _pending.Clear();
    }

    /// <summary>
    /// The power goes: of the changes since the last flush all, none, the first ones or any are kept.
    /// </summary>
    public void LosePower(Chance chance, DiskLoss loss)
    {
        foreach (var change in _pending)
            if (loss.Keeps(change, chance)) change.MakeDurable();
    }

    /// <summary>After every folder has lost power.</summary>
    public void Restart()
    {
        _pending.Clear();
        Names = new SortedList<string, DiskNode>(_durable, StringComparer.Ordinal);
    }

    private void Add(NameChange change)
    {
        Apply(Names, change);
        _pending.Add(change);
    }

    private static void Apply(SortedList<string, DiskNode> names, NameChange change)
    {
        if (change.Node is null) names.Remove(change.Name);
        else names[change.Name] = change.Node;
    }

    /// <summary>One change of one name.</summary>
    internal sealed class NameChange(DiskFolder folder, string name, DiskNode? node)
    {
        public string Name => name;
        public DiskNode? Node => node;

        /// <summary>The other half of a rename, of the half that takes the old name away.</summary>
        public NameChange? Arrival { get; init; }

        private bool IsDurable { get; set; }

        public void MakeDurable()
        {
            // A disk that forgets the old name before it knows the new one would lose the file.
            Arrival?.MakeDurable();
            if (IsDurable) return;
            IsDurable = true;
            Apply(folder._durable, this);
        }
    }
}

/// <summary>How much of what was not flushed a power loss spares.</summary>
internal sealed class DiskLoss(Chance chance)
{
    private readonly int _kind = chance.Below(4);
    private bool _isOver;

    /// <summary>Whether a change of a name outlives the loss.</summary>
    public bool Keeps(DiskFolder.NameChange change, Chance draw)
    {
        if (_kind == 3) _isOver |= draw.OneIn(4);
        return _kind switch { 0 => false, 1 => true, 2 => draw.OneIn(2), _ => !_isOver };
    }
}
