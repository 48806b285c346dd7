namespace Aedile.Client.Model.Kinds;

/// <summary>
/// A spec with parts that never leave the silos: REST, the changes feed, exports for people and agents' copies show
/// <see cref="WithoutSecrets"/> instead.
/// </summary>
public interface IHoldsSecrets
{
    /// <summary>The same spec, each secret part null. Asking twice gives the same.</summary>
    EntitySpec WithoutSecrets();
}
