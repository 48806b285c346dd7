namespace Aedile.Tests.Engine.Reminders;

/// <summary>A grain that asks for a reminder without being able to get its ticks.</summary>
[Alias("test-forgetful")]
public interface IForgetfulGrain : IGrainWithStringKey
{
    Task Remind();
}

public sealed class ForgetfulGrain : Grain, IForgetfulGrain
{
    public Task Remind() => this.RegisterOrUpdateReminder("wake", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
}
