using Aedile.Agent.Fleet;

if (args.Contains("--help"))
{
    Console.WriteLine(AgentArguments.Usage);
    return 0;
}
try
{
    var (agent, storage) = AgentArguments.Read(args);
    if (agent.Parent > 0) ParentGuard.Watch(agent.Parent);
    return await AgentHost.Run(agent, storage);
}
catch (StartException e)
{
    Console.Error.WriteLine($"aedile-agent: {e.Message}");
    return 2;
}
