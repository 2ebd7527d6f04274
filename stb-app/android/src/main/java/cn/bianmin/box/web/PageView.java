package cn.bianmin.box.web;

import android.content.Context;
import android.os.Build;
import android.webkit.WebSettings;
import android.webkit.WebView;

/** Makes the WebView of the page, with everything shut that the page has no use for. */
public final class PageView {
    private PageView() {}

    /** Main thread. Nothing is loaded yet. */
    public static WebView make(Context context, boolean sandbox, PageClient.Listener listener) {
        WebView view = new WebView(context);
        shut(view.getSettings());
        WebView.setWebContentsDebuggingEnabled(sandbox);
        AssetHost host = new AssetHost(context);
        view.setWebViewClient(
                Build.VERSION.SDK_INT >= 26 ? new Api26PageClient(host, listener) : new PageClient(host, listener));
        view.setWebChromeClient(new QuietChrome());
        view.setFocusable(true);
        view.setFocusableInTouchMode(true);
        view.setVerticalScrollBarEnabled(false);
        view.setHorizontalScrollBarEnabled(false);
        return view;
    }

    @SuppressWarnings("deprecation")
    private static void shut(WebSettings settings) {
        settings.setJavaScriptEnabled(true);
        settings.setJavaScriptCanOpenWindowsAutomatically(false);
        settings.setSupportMultipleWindows(false);
        settings.setAllowFileAccess(false);
        settings.setAllowContentAccess(false);
        settings.setAllowFileAccessFromFileURLs(false);
        settings.setAllowUniversalAccessFromFileURLs(false);
        settings.setMixedContentMode(WebSettings.MIXED_CONTENT_NEVER_ALLOW);
        settings.setGeolocationEnabled(false);
        settings.setSaveFormData(false);
        settings.setCacheMode(WebSettings.LOAD_NO_CACHE);
        settings.setSupportZoom(false);
        settings.setTextZoom(100);
        // A 720p page on whatever the box calls its density.
        settings.setUseWideViewPort(true);
        settings.setLoadWithOverviewMode(true);
        // Prompts are spoken without a touch.
        settings.setMediaPlaybackRequiresUserGesture(false);
    }
}
