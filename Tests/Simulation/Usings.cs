global using Aedile.Engine.Simulation;
