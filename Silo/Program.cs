using Aedile.Silo.Embedded;
using Aedile.Silo.Hosting;

try
{
    return args is ["--embedded" or "--fleet", ..]
        ? await EmbeddedFleet.Run(args)
        : await SiloProgram.Run(SiloArguments.Parse(args));
}
catch (StartupException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
