using System.Text;
using Aedile.Client.Repositories;
using Aedile.Silo.Gateway;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;

namespace Aedile.Tests.Repositories.Gateway;

/// <summary>Goal: whatever is sent as a body, the answer is a value or a 4xx that says what is wrong.</summary>
public sealed class RequestBodyTests
{
    private static Task<(CreateRepositoryRequest? Value, Refusal? Refusal)> Read(
        byte[] body, string type = "application/json")
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentType = type;
        return RequestBody.Read<CreateRepositoryRequest>(http.Request, CancellationToken.None);
    }

    private static Task<(CreateRepositoryRequest? Value, Refusal? Refusal)> Read(string body) =>
        Read(Encoding.Latin1.GetBytes(body));

    [Fact]
    public async Task A_full_body_is_read()
    {
        var (value, refusal) = await Read("""{"virtualStorage":"default","path":"a","defaultBranch":null}""");
        Assert.Null(refusal);
        Assert.Equal(("default", "a", null), (value!.VirtualStorage, value.Path, value.DefaultBranch));
    }

    [Theory]
    [InlineData("{}", "missing-field", "virtualStorage")]
    [InlineData("""{"virtualStorage":"default"}""", "missing-field", "path")]
    [InlineData("""{"virtualStorage":"default","path":7}""", "wrong-type", "path")]
    [InlineData("""{"virtualStorage":"default","path":null}""", "wrong-type", "path")]
    [InlineData("""{"virtualStorage":"default","path":["a"]}""", "wrong-type", "path")]
    [InlineData("""{"virtualStorage":"default","path":"a","Path":"b"}""", "unknown-field", "Path")]
    [InlineData("""{"virtualStorage":"default","path":"a","path":"b"}""", "malformed-body", null)]
    [InlineData("""{"virtualStorage":"default","path":"a"} x""", "malformed-body", null)]
    [InlineData("[]", "malformed-body", null)]
    [InlineData("", "malformed-body", null)]
    public async Task A_fault_names_its_field(string body, string type, string? field)
    {
        var (value, refusal) = await Read(body);
        Assert.Null(value);
        Assert.Equal((type, field, 400), (refusal!.Type, refusal.Field, refusal.Status));
    }

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"a\u00ff\":1}")]
    [InlineData("{\"virtualStorage\":\"\\ud800\",\"path\":\"a\"}")]
    [InlineData("{\"virtualStorage\":\"a\u00c3\u0028\",\"path\":\"a\"}")]
    public async Task Text_that_is_no_unicode_is_a_malformed_body_and_no_fault_of_ours(string body)
    {
        var (_, refusal) = await Read(body);
        Assert.Equal(400, refusal!.Status);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        Assert.Equal(413, (await Read(new string(' ', RequestBody.BytesMax + 1))).Refusal!.Status);
        Assert.Equal(400, (await Read(new string(' ', RequestBody.BytesMax))).Refusal!.Status);
    }

    [Fact]
    public async Task Another_type_than_json_is_refused() =>
        Assert.Equal(415, (await Read("{}"u8.ToArray(), "text/plain")).Refusal!.Status);

    [Fact]
    public void Whatever_is_sent_is_read_or_refused_but_never_fails()
    {
        var pieces = Gen.Elements(
            "{", "}", "[", "]", "\"", ":", ",", "path", "virtualStorage", "\"path\":", "\\u", "\\ud800", "null", "1e9",
            "\u00ff", "\u0000", "true", " ", "\"a\"");
        Prop.ForAll(pieces.ListOf().ToArbitrary(), parts =>
        {
            var (value, refusal) = Read("{" + string.Concat(parts) + "}").GetAwaiter().GetResult();
            Assert.True(value is null != refusal is null);
            if (refusal is not null) Assert.InRange(refusal.Status, 400, 499);
        }).QuickCheckThrowOnFailure();
    }
}
