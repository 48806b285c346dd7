namespace Aedile.Client.Fleet;

/// <summary>What a node says of itself, as of one event of its agent.</summary>
/// <param name="Machine">The machine that it is.</param>
/// <param name="Storage">Its storage role; null when it has none.</param>
public sealed record NodeStatus(MachineStatus Machine, StorageStatus? Storage);

/// <summary>A machine as its agent may use it: within a container, the container's share.</summary>
/// <param name="System">Its operating system.</param>
/// <param name="AgentVersion">Version of the agent's program.</param>
/// <param name="Cores">How many cores.</param>
/// <param name="MemoryBytes">Memory, in bytes.</param>
/// <param name="MemoryAvailableBytes">How much of it could be had now.</param>
/// <param name="DiskBytes">Size of the file system that the agent's folder is on, in bytes.</param>
/// <param name="DiskFreeBytes">How much of it is free to the agent.</param>
public sealed record MachineStatus(
    string System, string AgentVersion, int Cores, long MemoryBytes, long MemoryAvailableBytes, long DiskBytes,
    long DiskFreeBytes);

/// <summary>A storage role.</summary>
/// <param name="Replicas">How many replicas it holds.</param>
/// <param name="OpenPromises">Of how many of them a write is neither committed nor aborted.</param>
/// <param name="SuspectReplicas">How many wait to be repaired since the machine lost power.</param>
/// <param name="GitProcesses">How many children of git it runs.</param>
/// <param name="IsDiskFull">Whether so little room is left that writes will be refused.</param>
/// <param name="IsReadOnly">Whether its file system takes no writes at all.</param>
public sealed record StorageStatus(
    int Replicas, int OpenPromises, int SuspectReplicas, int GitProcesses, bool IsDiskFull, bool IsReadOnly);
