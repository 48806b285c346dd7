using Aedile.Engine.Invocation;

namespace Aedile.Engine.Runtime;

/// <summary>Carries calls to where their grains live.</summary>
internal interface ITransport
{
    /// <summary>Takes a call on its way. It never throws: a call that can't be carried fails for its caller.</summary>
    void Send(Call call);
}
