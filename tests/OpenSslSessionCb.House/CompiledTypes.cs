using Mono.Cecil;
using Mono.Cecil.Cil;

namespace OpenSslSessionCb.House;

/// <summary>
/// Reads what the types of a compiled assembly use of it. The compiler has put constants and the numbers of enums in their place:
/// those are not seen.
/// </summary>
public static class CompiledTypes
{
    public static Use[] UsesIn(string path)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        var uses = new HashSet<Use>();
        foreach (TypeDefinition type in module.GetTypes().Where(static type => !IsMadeByTheCompiler(type)))
        {
            string from = Outermost(type).Name;
            foreach (TypeReference used in UsedBy(type).SelectMany(Parts))
            {
                if (used.Scope == module && used.Resolve() is { } definition && Outermost(definition).Name is var to && to != from)
                {
                    uses.Add(new Use(Plain(from), Plain(to)));
                }
            }
        }

        return [.. uses];
    }

    private static bool IsMadeByTheCompiler(TypeDefinition type) => Outermost(type).Name.StartsWith('<');

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>Without the count of its type parameters.</summary>
    private static string Plain(string name) => name.Split('`')[0];

    private static IEnumerable<TypeReference?> UsedBy(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(static implemented => implemented.InterfaceType),
        .. type.GenericParameters.SelectMany(static parameter => parameter.Constraints).Select(static limit => limit.ConstraintType),
        .. type.CustomAttributes.Select(static attribute => attribute.AttributeType),
        .. type.Fields.Select(static field => field.FieldType),
        .. type.Methods.SelectMany(UsedBy),
    ];

    private static IEnumerable<TypeReference?> UsedBy(MethodDefinition method) =>
    [
        .. UsedBy((MethodReference)method),
        .. method.GenericParameters.SelectMany(static parameter => parameter.Constraints).Select(static limit => limit.ConstraintType),
        .. method.CustomAttributes.Select(static attribute => attribute.AttributeType),
        .. method.HasBody ? method.Body.Variables.Select(static variable => variable.VariableType) : [],
        .. method.HasBody ? method.Body.ExceptionHandlers.Select(static handler => handler.CatchType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(UsedBy) : [],
    ];

    private static IEnumerable<TypeReference?> UsedBy(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method => UsedBy(method),
        CallSite site => [site.ReturnType, .. site.Parameters.Select(static parameter => parameter.ParameterType)],
        _ => [],
    };

    private static IEnumerable<TypeReference?> UsedBy(MethodReference method) =>
    [
        method.DeclaringType,
        method.ReturnType,
        .. method.Parameters.Select(static parameter => parameter.ParameterType),
        .. method is GenericInstanceMethod instance ? instance.GenericArguments : [],
    ];

    /// <summary>The types that a type is made of: of an array, a pointer, a reference, an instance of a generic type.</summary>
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType instance => [instance.ElementType, .. instance.GenericArguments.SelectMany(Parts)],
        FunctionPointerType pointer =>
            [.. Parts(pointer.ReturnType), .. pointer.Parameters.SelectMany(static parameter => Parts(parameter.ParameterType))],
        IModifierType modified => [.. Parts(modified.ElementType), .. Parts(modified.ModifierType)],
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };
}
