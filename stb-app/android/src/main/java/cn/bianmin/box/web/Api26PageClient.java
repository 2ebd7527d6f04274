package cn.bianmin.box.web;

import android.webkit.RenderProcessGoneDetail;
import android.webkit.WebView;

/** Loaded from API 26 on, where a page runs in a process of its own: without this its death is the app's. */
public final class Api26PageClient extends PageClient {
    public Api26PageClient(AssetHost host, Listener listener) {
        super(host, listener);
    }

    @Override
    public boolean onRenderProcessGone(WebView view, RenderProcessGoneDetail detail) {
        listener.rendererGone();
        return true;
    }
}
