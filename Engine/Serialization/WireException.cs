using Orleans.Runtime;

namespace Aedile.Engine.Serialization;

/// <summary>A value can't be written, or bytes are not a value of the expected type. Retrying does not help.</summary>
internal sealed class WireException(string message) : OrleansException(message);
