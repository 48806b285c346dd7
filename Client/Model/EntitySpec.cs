namespace Aedile.Client.Model;

/// <summary>
/// What an administrator says about one entity; each kind has a record of its own, marked with
/// <see cref="EntityKindAttribute"/>. Immutable; JSON by <see cref="Wire.Json"/>.
/// </summary>
public abstract record EntitySpec;
