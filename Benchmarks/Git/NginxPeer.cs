using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Aedile.Benchmarks.Git;

/// <summary>
/// The peer: one bare repository behind nginx, fcgiwrap and <c>git http-backend</c>, with the fsync settings of a
/// replica. Private configuration and ports; runs as the current user.
/// </summary>
internal sealed class NginxPeer : IAsyncDisposable
{
    private readonly Process _nginx;
    private readonly Process _fcgi;

    private NginxPeer(Process nginx, Process fcgi, string url, string repository)
    {
        _nginx = nginx;
        _fcgi = fcgi;
        Url = url;
        Repository = repository;
    }

    /// <summary>Address of the repository.</summary>
    public string Url { get; }

    /// <summary>The bare repository on disk.</summary>
    public string Repository { get; }

    public static async Task<NginxPeer> Start(Tool tool, string folder, int port)
    {
        await Packages.Install(tool, "/usr/sbin/nginx", "nginx-light");
        await Packages.Install(tool, "/usr/sbin/fcgiwrap", "fcgiwrap");
        MustBeFree(port);
        Directory.CreateDirectory(folder);
        var repository = Path.Combine(folder, "peer.git");
        await tool.Run("", "git", "init", "-q", "--bare", "-b", "main", repository);
        string[] settings =
        [
            "core.fsync=objects,derived-metadata,reference", "http.receivepack=true", "gc.auto=0",
            "maintenance.auto=false", "receive.autogc=false", "uploadpack.allowFilter=true",
        ];
        foreach (var setting in settings)
            await tool.Run(repository, "git", ["config", .. setting.Split('=', 2)]);

        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(folder, port));
        var socket = Path.Combine(folder, "fcgi.sock");
        var fcgi = tool.Start("fcgiwrap", "-c", "4", "-s", "unix:" + socket);
        var nginx = tool.Start("nginx", "-p", folder, "-c", configuration, "-e", Path.Combine(folder, "error.log"));
        await WhenListening(port);
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/peer.git");
        return new NginxPeer(nginx, fcgi, url, repository);
    }

    public async ValueTask DisposeAsync()
    {
        await ProcessTree.End(_nginx, "TERM");
        // It does not end the children it forked when it is asked to end.
        _fcgi.Kill(entireProcessTree: true);
        await _fcgi.WaitForExitAsync();
        _nginx.Dispose();
        _fcgi.Dispose();
    }

    /// <summary>Returns when somebody accepts connections on the port; 20 s at most.</summary>
    public static async Task WhenListening(int port)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        while (true)
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync("127.0.0.1", port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
        }
    }

    // Whoever answers there would be measured instead of the peer.
    private static void MustBeFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        probe.Start();
    }

    private static string Configuration(string folder, int port) => $$"""
        daemon off;
        worker_processes 2;
        {{(Environment.UserName == "root" ? "user root;" : "")}}
        pid {{folder}}/nginx.pid;
        error_log {{folder}}/error.log;
        events { worker_connections 256; }
        http {
            access_log off;
            client_max_body_size 0;
            client_body_temp_path {{folder}}/body;
            fastcgi_temp_path {{folder}}/fastcgi;
            proxy_temp_path {{folder}}/proxy;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            server {
                listen 127.0.0.1:{{port.ToString(CultureInfo.InvariantCulture)}};
                location / {
                    fastcgi_pass unix:{{folder}}/fcgi.sock;
                    fastcgi_buffering off;
                    fastcgi_read_timeout 600s;
                    fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
                    fastcgi_param GIT_PROJECT_ROOT {{folder}};
                    fastcgi_param GIT_HTTP_EXPORT_ALL "";
                    fastcgi_param PATH_INFO $uri;
                    fastcgi_param REMOTE_USER peer;
                    fastcgi_param REMOTE_ADDR $remote_addr;
                    fastcgi_param QUERY_STRING $query_string;
                    fastcgi_param REQUEST_METHOD $request_method;
                    fastcgi_param CONTENT_TYPE $content_type;
                    fastcgi_param CONTENT_LENGTH $content_length;
                    fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
                    fastcgi_param GIT_PROTOCOL $http_git_protocol;
                }
            }
        }

        """;
}
