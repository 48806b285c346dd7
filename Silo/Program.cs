using Aedile.Silo.Hosting;

try
{
    return args is ["--embedded", ..]
        ? await EmbeddedProgram.Run(EmbeddedArguments.Parse(args[1..]))
        : await SiloProgram.Run(SiloArguments.Parse(args));
}
catch (StartupException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
