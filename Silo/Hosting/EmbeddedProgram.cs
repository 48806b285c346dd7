namespace Aedile.Silo.Hosting;
internal static class EmbeddedProgram { public static Task<int> Run(EmbeddedArguments a) => Task.FromResult(a.Agents); }
