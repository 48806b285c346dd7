using System.Reflection;

namespace Aedile.Engine.Serialization;

/// <summary>One member of a type as it crosses the wire.</summary>
/// <param name="Id">Its number: of <c>[Id]</c>, or the position of a record's parameter.</param>
/// <param name="Type">Its type.</param>
/// <param name="Source">The property or field that is read and, if it is no parameter, set.</param>
/// <param name="Parameter">The constructor's parameter that takes it; null when it is set after construction.</param>
internal sealed record WireMember(uint Id, Type Type, MemberInfo Source, ParameterInfo? Parameter);
