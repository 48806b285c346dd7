namespace Orleans.Runtime;

/// <summary>A reminder could not be changed because it has changed since it was read. Read it and try again.</summary>
public sealed class ReminderException(string message) : OrleansException(message);
