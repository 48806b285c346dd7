namespace Orleans.Providers;

/// <summary>Names that registrations without a name get.</summary>
public static class ProviderConstants
{
    public const string DEFAULT_STORAGE_PROVIDER_NAME = "Default";
}
