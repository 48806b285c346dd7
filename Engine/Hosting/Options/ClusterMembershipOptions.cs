namespace Orleans.Configuration;

/// <summary>How silos watch each other. All silos of a fleet should agree.</summary>
public class ClusterMembershipOptions
{
    /// <summary>How often a silo asks those it watches, and how long it waits for each answer. Default 0.5 s: a
    /// killed silo is out in less than a second.</summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many questions in a row stay unanswered before a silo is suspected, all but the first by way of
    /// others. One that is refused counts for half of them, because then the process is gone. Default 4: a silo that
    /// hangs is out after 2 s, earlier than its lease is over; a killed one with its second refusal.</summary>
    public int NumMissedProbesLimit { get; set; } = 4;

    /// <summary>How many silos each silo watches. Default 3.</summary>
    public int NumProbedSilos { get; set; } = 3;

    /// <summary>Whether another silo is asked to try before a silo is suspected. Default true.</summary>
    public bool EnableIndirectProbes { get; set; } = true;

    /// <summary>How many votes declare a silo dead. Default 2; in a fleet of two, one is enough.</summary>
    public int NumVotesForDeathDeclaration { get; set; } = 2;

    /// <summary>How long a vote counts. Default 10 s: who still gets no answer votes again in half of that, and two
    /// troubles that have nothing to do with each other must not put a silo out.</summary>
    public TimeSpan DeathVoteExpirationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a silo writes its beat and reads the table. Default 1 s.</summary>
    public TimeSpan IAmAliveTablePublishTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After so many missed beats a silo stops to host grains: its lease is over. Default 3.</summary>
    public int NumMissedTableIAmAliveLimit { get; set; } = 3;

    /// <summary>How long a starting silo tries to reach all others. Default 1 min, then the start fails.</summary>
    public TimeSpan MaxJoinAttemptTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long rows of dead silos are kept. Default 7 days, for post-mortems.</summary>
    public TimeSpan DefunctSiloExpiration { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many rows of dead silos are kept. Default 25, so that the table stays cheap to read.</summary>
    public int? MaxDefunctSiloEntries { get; set; } = 25;

    /// <summary>Whether silos are declared dead at all. Default true. False only while debugging.</summary>
    public bool LivenessEnabled { get; set; } = true;
}
