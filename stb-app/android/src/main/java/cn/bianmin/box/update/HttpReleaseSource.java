package cn.bianmin.box.update;

import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.net.HttpRequest;
import cn.bianmin.box.net.HttpServer;
import cn.bianmin.box.time.TrustedTime;
import java.io.IOException;
import java.net.HttpURLConnection;

/** The server's releases, judged as every other answer. */
public final class HttpReleaseSource implements ReleaseSource {
    private final TrustedTime time;
    private final HttpServer server;

    public HttpReleaseSource(TrustedTime time, HttpServer server) {
        this.time = time;
        this.server = server;
    }

    @Override
    public Part open(String path, long from) throws IOException {
        try {
            time.require();
        } catch (Failure e) {
            throw new IOException(e);
        }
        HttpRequest request = new HttpRequest("GET", path);
        // A part that is decompressed on the way has other offsets.
        request.headers.put("Accept-Encoding", "identity");
        if (from > 0) request.headers.put("Range", "bytes=" + from + "-");
        final HttpURLConnection connection = server.open(request);
        int status = connection.getResponseCode();
        boolean part = status == 206 && beginsAt(connection, from);
        if (status != 200 && !part) {
            connection.disconnect();
            throw new IOException("no such part");
        }
        return new Part(part ? from : 0, connection.getInputStream()) {
            @Override
            public void close() {
                connection.disconnect();
            }
        };
    }

    private static boolean beginsAt(HttpURLConnection connection, long from) {
        String range = connection.getHeaderField("Content-Range");
        return range != null && range.startsWith("bytes " + from + "-");
    }
}
