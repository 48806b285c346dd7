namespace Orleans.Runtime;

/// <summary>One reminder of a grain, as it was stored when this was made.</summary>
public interface IGrainReminder
{
    /// <summary>Its name, unique within its grain.</summary>
    string ReminderName { get; }
}
