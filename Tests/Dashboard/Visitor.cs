using System.Net;
using System.Text.RegularExpressions;

namespace Aedile.Tests.Dashboard;

/// <summary>A client with a cookie jar that follows no redirects.</summary>
internal sealed partial class Visitor : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _client;
    private readonly Uri _address;

    public Visitor(DashboardHost host)
        : this(host.Address) { }

    private Visitor(Uri address)
    {
        _address = address;
        _client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = _cookies })
        {
            BaseAddress = address,
        };
        _client.DefaultRequestHeaders.Add("Accept-Encoding", "br");
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Another client with the same cookies, as a thief would have it.</summary>
    public Visitor Copy()
    {
        var copy = new Visitor(_address);
        copy._cookies.Add(_cookies.GetCookies(_address));
        return copy;
    }

    public Task<HttpResponseMessage> Get(string path) => Send(HttpMethod.Get, path);

    public Task<HttpResponseMessage> Send(HttpMethod method, string path, string? origin = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (origin is not null) request.Headers.Add("Origin", origin);
        return _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Posts the form of a page, with the page's anti-forgery token.</summary>
    public Task<HttpResponseMessage> Post(string path, string page, params (string Name, string Value)[] fields)
    {
        var form = fields.ToDictionary(f => f.Name, f => f.Value);
        var token = FormToken().Match(page);
        if (token.Success) form["__RequestVerificationToken"] = token.Groups[1].Value;
        return _client.PostAsync(
            new Uri(path, UriKind.Relative), new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);
    }

    public async Task<HttpResponseMessage> SignIn(string token)
    {
        var page = await (await Get("/sign-in")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return await Post("/sign-in", page, ("Token", token), ("ReturnUrl", "/"));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex FormToken();
}
