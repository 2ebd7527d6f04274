package cn.bianmin.box.web;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import android.net.Uri;
import android.webkit.WebResourceResponse;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.util.Arrays;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

@RunWith(RobolectricTestRunner.class)
public class AssetHostTest {
    private static final List<String> FILES =
            Arrays.asList("pages/index.html", "pages/assets/app-1.js", "pages/a.woff2", "pages/x.bin", "secret.txt");

    private final AssetHost host =
            new AssetHost(
                    path -> {
                        if (!FILES.contains(path)) throw new FileNotFoundException(path);
                        return new ByteArrayInputStream(path.getBytes());
                    });

    private WebResourceResponse get(String url) {
        WebResourceResponse answer = host.answer("GET", Uri.parse(url));
        assertNotNull(url, answer);
        return answer;
    }

    private void refused(int status, String url) throws Exception {
        WebResourceResponse answer = get(url);
        assertEquals(url, status, answer.getStatusCode());
        assertEquals(-1, answer.getData().read());
    }

    @Test
    public void servesOurOwnFilesWithTheirTypes() throws Exception {
        WebResourceResponse index = get("https://app.bianmin.invalid/");
        assertEquals(200, index.getStatusCode());
        assertEquals("text/html", index.getMimeType());
        assertEquals("UTF-8", index.getEncoding());
        assertEquals("pages/index.html", new String(index.getData().readAllBytes()));
        assertEquals("text/html", get("https://app.bianmin.invalid/index.html?x#y").getMimeType());
        WebResourceResponse script = get("https://app.bianmin.invalid/assets/app-1.js");
        assertEquals("application/javascript", script.getMimeType());
        assertEquals("font/woff2", get("https://app.bianmin.invalid/a.woff2").getMimeType());
        assertEquals("application/octet-stream", get("https://app.bianmin.invalid/x.bin").getMimeType());
    }

    @Test
    public void everyAnswerHasThePolicy() {
        for (String url : new String[] {"https://app.bianmin.invalid/", "https://other.example/"}) {
            String policy = get(url).getResponseHeaders().get("Content-Security-Policy");
            assertTrue(policy, policy.startsWith("default-src 'none';"));
            assertTrue(policy, policy.contains("frame-src 'none'") && !policy.contains("unsafe"));
            assertEquals("nosniff", get(url).getResponseHeaders().get("X-Content-Type-Options"));
        }
    }

    @Test
    public void nothingElseIsLoaded() throws Exception {
        String[] others = {
            "http://app.bianmin.invalid/",
            "https://app.bianmin.invalid:8443/",
            "https://user@app.bianmin.invalid/",
            "https://app.bianmin.invalid.evil.example/",
            "https://APP.bianmin.invalid/",
            "https://evil.example/index.html",
            "file:///android_asset/pages/index.html",
            "content://x/y",
            "data:text/html,x",
            "about:blank",
            "ftp://x/",
        };
        for (String url : others) refused(403, url);
        assertEquals(403, host.answer("POST", Uri.parse("https://app.bianmin.invalid/")).getStatusCode());
    }

    @Test
    public void noPathLeavesTheFolder() throws Exception {
        String[] paths = {
            "../secret.txt", "assets/../../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", "./index.html",
            "/index.html", "assets//app-1.js", "assets\\app-1.js", ".hidden", "assets/", "none.html", "favicon.ico",
        };
        for (String path : paths) refused(404, "https://app.bianmin.invalid/" + path);
    }

    @Test
    public void thePackagesFilesAreThem() throws Exception {
        AssetHost real = new AssetHost(RuntimeEnvironment.getApplication());
        WebResourceResponse index = real.answer("GET", Uri.parse(AssetHost.START));
        assertEquals(200, index.getStatusCode());
        assertTrue(new String(index.getData().readAllBytes()).contains("<title>test</title>"));
    }
}
