using Orleans.Runtime;

namespace Aedile.Engine.Reminders;

/// <summary>Names one reminder of a service. Ordered by grain and then by name, the same in all processes.</summary>
internal readonly record struct ReminderId(GrainId Grain, string Name) : IComparable<ReminderId>
{
    public int CompareTo(ReminderId other)
    {
        var byGrain = Grain.CompareTo(other.Grain);
        return byGrain != 0 ? byGrain : string.CompareOrdinal(Name, other.Name);
    }

    public override string ToString() => $"reminder {Name} of {Grain}";
}
