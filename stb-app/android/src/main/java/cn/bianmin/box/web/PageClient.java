package cn.bianmin.box.web;

import android.net.Uri;
import android.net.http.SslError;
import android.webkit.SslErrorHandler;
import android.webkit.WebResourceRequest;
import android.webkit.WebResourceResponse;
import android.webkit.WebView;
import android.webkit.WebViewClient;

/** Nothing but our own files is loaded, and no page leads to another. */
public class PageClient extends WebViewClient {
    /** Told that the WebView is of no use any more; main thread. */
    public interface Listener {
        void rendererGone();
    }

    private final AssetHost host;
    final Listener listener;

    public PageClient(AssetHost host, Listener listener) {
        this.host = host;
        this.listener = listener;
    }

    @Override
    public final WebResourceResponse shouldInterceptRequest(WebView view, WebResourceRequest request) {
        return host.answer(request.getMethod(), request.getUrl());
    }

    /** Old code paths of a WebView still ask this way. */
    @Override
    @SuppressWarnings("deprecation")
    public final WebResourceResponse shouldInterceptRequest(WebView view, String url) {
        return host.answer("GET", Uri.parse(url));
    }

    @Override
    @SuppressWarnings("deprecation")
    public final boolean shouldOverrideUrlLoading(WebView view, String url) {
        return true;
    }

    @Override
    public final void onReceivedSslError(WebView view, SslErrorHandler handler, SslError error) {
        handler.cancel();
    }
}
