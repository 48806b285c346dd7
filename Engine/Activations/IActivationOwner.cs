namespace Aedile.Engine.Activations;

/// <summary>A task scheduler that runs the turns of one activation.</summary>
internal interface IActivationOwner
{
    IActivation Activation { get; }
}
