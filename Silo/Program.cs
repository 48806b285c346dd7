using Aedile.Silo.Embedded;
using Aedile.Silo.Embedded.Move;
using Aedile.Silo.Hosting;

try
{
    return args switch
    {
        ["--embedded" or "--fleet", ..] => await EmbeddedFleet.Run(args),
        ["--move", ..] => await InstallationMove.Run(args),
        _ => await SiloProgram.Run(SiloArguments.Parse(args)),
    };
}
catch (StartupException error)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}
