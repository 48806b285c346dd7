using System.Globalization;

namespace Orleans;

/// <summary>How long activations of a grain class may be idle before they are collected.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class CollectionAgeLimitAttribute : Attribute
{
    /// <summary>The shortest limit that the properties can set: one minute.</summary>
    public static readonly TimeSpan MinAgeLimit = TimeSpan.FromMinutes(1);

    private readonly TimeSpan? _period;

    public CollectionAgeLimitAttribute()
    {
    }

    /// <param name="inactivityPeriod">As <c>hh:mm:ss</c>; used as it is, however short.</param>
    public CollectionAgeLimitAttribute(string inactivityPeriod) =>
        _period = TimeSpan.Parse(inactivityPeriod, CultureInfo.InvariantCulture);

    public double Days { get; set; }

    public double Hours { get; set; }

    public double Minutes { get; set; }

    /// <summary>Never collect.</summary>
    public bool AlwaysActive { get; set; }

    /// <summary>The limit that results; <see cref="Timeout.InfiniteTimeSpan"/> when always active.</summary>
    public TimeSpan AgeLimit
    {
        get
        {
            if (AlwaysActive) return Timeout.InfiniteTimeSpan;
            if (_period is { } period) return period;
            var sum = TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
            return sum < MinAgeLimit ? MinAgeLimit : sum;
        }
    }
}
