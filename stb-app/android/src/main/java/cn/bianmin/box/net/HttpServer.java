package cn.bianmin.box.net;

import cn.bianmin.box.bridge.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocketFactory;

/** The server over `HttpsURLConnection`; plain HTTP only where a sandbox build names such a server. */
public final class HttpServer implements Server {
    private static final int MOST_BYTES = 2 << 20;
    /** `HttpURLConnection` bounds each step, and an answer that trickles has many. */
    private static final ScheduledExecutorService DEADLINES = deadlines();

    private final String url;
    private final boolean sandbox;
    private final SSLSocketFactory sockets;

    public HttpServer(String url, boolean sandbox, SSLSocketFactory sockets) {
        this.url = url;
        this.sandbox = sandbox;
        this.sockets = sockets;
    }

    @Override
    public HttpAnswer send(HttpRequest request) throws Failure {
        try {
            final HttpURLConnection connection = open(request);
            ScheduledFuture<?> deadline =
                    DEADLINES.schedule(
                            new Runnable() {
                                @Override
                                public void run() {
                                    connection.disconnect();
                                }
                            },
                            request.timeoutMs,
                            TimeUnit.MILLISECONDS);
            boolean whole = false;
            try {
                HttpAnswer answer = exchange(connection, request);
                whole = true;
                return answer;
            } finally {
                deadline.cancel(false);
                // One that was read to its end is kept for the next request: a handshake takes an old box long.
                if (!whole) connection.disconnect();
            }
        } catch (IOException e) {
            throw new Failure(isUntrusted(e) ? HttpCodes.UNTRUSTED : HttpCodes.UNAVAILABLE, e);
        } catch (RuntimeException e) {
            // Old versions throw unchecked exceptions from inside when a connection ends at an awkward moment.
            throw new Failure(HttpCodes.UNAVAILABLE, e);
        }
    }

    /** A connection that is set up and has sent nothing. */
    public HttpURLConnection open(HttpRequest request) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) new URL(url + request.path).openConnection();
        if (connection instanceof HttpsURLConnection) {
            ((HttpsURLConnection) connection).setSSLSocketFactory(sockets);
        } else if (!sandbox) {
            throw new IOException("a server without TLS");
        }
        connection.setRequestMethod(request.method);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout(Math.max(1, request.timeoutMs));
        connection.setReadTimeout(Math.max(1, request.timeoutMs));
        for (Map.Entry<String, String> header : request.headers.entrySet()) {
            connection.setRequestProperty(header.getKey(), header.getValue());
        }
        return connection;
    }

    private static HttpAnswer exchange(HttpURLConnection connection, HttpRequest request) throws IOException {
        if (request.body != null) {
            connection.setDoOutput(true);
            // A body of fixed length is sent once: nothing below sends it again on a new connection.
            connection.setFixedLengthStreamingMode(request.body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(request.body);
            }
        }
        int status = connection.getResponseCode();
        if (status < 0) throw new IOException("no HTTP");
        InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        return new HttpAnswer(status, headersOf(connection), in == null ? new byte[0] : readAll(in));
    }

    private static byte[] readAll(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] chunk = new byte[8192];
        for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
            all.write(chunk, 0, length);
            if (all.size() > MOST_BYTES) throw new IOException("too long");
        }
        return all.toByteArray();
    }

    private static Map<String, String> headersOf(HttpURLConnection connection) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> header : connection.getHeaderFields().entrySet()) {
            // The status line has no name.
            if (header.getKey() == null) continue;
            StringBuilder values = new StringBuilder();
            for (String value : header.getValue()) values.append(values.length() == 0 ? "" : ", ").append(value);
            headers.put(header.getKey().toLowerCase(Locale.ROOT), values.toString());
        }
        return headers;
    }

    /** Neither a certificate nor a name that does not match lets anything be sent. */
    private static boolean isUntrusted(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException
                    || cause instanceof CertPathValidatorException
                    || cause instanceof SSLPeerUnverifiedException) return true;
        }
        return false;
    }

    private static ScheduledExecutorService deadlines() {
        return Executors.newSingleThreadScheduledExecutor(
                new ThreadFactory() {
                    @Override
                    public Thread newThread(Runnable work) {
                        Thread thread = new Thread(work, "http-deadlines");
                        thread.setDaemon(true);
                        return thread;
                    }
                });
    }
}
