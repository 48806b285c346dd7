using Aedile.Dashboard.Assets;
using Aedile.Dashboard.Layout;
using Aedile.Dashboard.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Radzen;

namespace Aedile.Dashboard;

/// <summary>How a silo hosts the dashboard.</summary>
public static class DashboardHosting
{
    private static readonly TimeSpan CookieLife = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan CircuitRetention = TimeSpan.FromSeconds(30);
    private const int CircuitsRetainedMax = 50;

    /// <summary>
    /// Registers the dashboard. The host also registers <see cref="Fleet.IFleetView"/> and <see cref="ISignIn"/>.
    /// No default authentication scheme is set: REST and Git go on as they were.
    /// </summary>
    public static IServiceCollection AddDashboard(
        this IServiceCollection services, Action<DashboardOptions>? configure = null)
    {
        var options = new DashboardOptions();
        configure?.Invoke(options);
        services.AddSingleton(Microsoft.Extensions.Options.Options.Create(options));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AssetFiles>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SignInThrottle>();
        services.AddRadzenComponents();
        services.AddCascadingAuthenticationState();
        services.AddRazorComponents().AddInteractiveServerComponents(circuit =>
        {
            // The default of 3 minutes lets closed pages go on asking and rendering for that long.
            circuit.DisconnectedCircuitRetentionPeriod = CircuitRetention;
            circuit.DisconnectedCircuitMaxRetained = CircuitsRetainedMax;
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "aedile-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
        });
        AddKeys(services, options);
        services.AddAuthentication().AddCookie(Sessions.Scheme, ConfigureCookie);
        services.AddAuthorizationBuilder().AddPolicy(
            Sessions.Scheme, policy => policy.AddAuthenticationSchemes(Sessions.Scheme).RequireAuthenticatedUser());
        return services;
    }

    /// <summary>
    /// Maps the pages under <c>/</c>, and adds middleware that acts on the dashboard's own endpoints only. Once for a
    /// host; the order among other <c>Map</c> calls doesn't matter.
    /// </summary>
    public static WebApplication MapDashboard(this WebApplication app)
    {
        app.UseMiddleware<SecurityHeaders>();
        app.UseAntiforgery();
        var group = app.MapGroup("").WithMetadata(new DashboardEndpoint()).ExcludeFromDescription();
        group.MapSignIn();
        app.Services.GetRequiredService<AssetFiles>().Map(group);
        group.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization(Sessions.Scheme);
        return app;
    }

    private static void AddKeys(IServiceCollection services, DashboardOptions options)
    {
        var keys = services.AddDataProtection().SetApplicationName("aedile");
        if (options.KeysFolder is not { } folder)
        {
            keys.UseEphemeralDataProtectionProvider();
            return;
        }
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, ownerOnly);
        keys.PersistKeysToFileSystem(new DirectoryInfo(folder));
    }

    private static void ConfigureCookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "aedile";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = CookieLife;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = SignInEndpoints.Path;
        cookie.ReturnUrlParameter = "returnUrl";
        cookie.Events.OnValidatePrincipal = async context =>
        {
            var sessions = context.HttpContext.RequestServices.GetRequiredService<Sessions>();
            if (sessions.Find(context.Principal!) is not null) return;
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Sessions.Scheme);
        };
        cookie.Events.OnRedirectToLogin = context =>
        {
            // Only a page can be sent elsewhere; a circuit and a script want to know.
            if (context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal)
                || context.Request.Path == "/session")
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            }
            else
            {
                context.Response.Redirect(context.RedirectUri);
            }
            return Task.CompletedTask;
        };
    }
}
