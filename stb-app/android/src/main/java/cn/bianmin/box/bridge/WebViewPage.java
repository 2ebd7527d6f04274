package cn.bianmin.box.bridge;

import android.os.Handler;
import android.os.Looper;
import android.webkit.WebView;

/** The page in a WebView, until it is let go. */
public final class WebViewPage implements Page {
    private final Handler mainThread = new Handler(Looper.getMainLooper());
    /** Main thread only. */
    private WebView view;

    public WebViewPage(WebView view) {
        this.view = view;
    }

    /** Main thread. What is called later is passed over. */
    public void detach() {
        view = null;
    }

    @Override
    public void call(String object, String method, String... arguments) {
        final String script = script(object, method, arguments);
        mainThread.post(
                new Runnable() {
                    @Override
                    public void run() {
                        if (view != null) view.evaluateJavascript(script, null);
                    }
                });
    }

    static String script(String object, String method, String... arguments) {
        StringBuilder script = new StringBuilder();
        script.append("window.").append(object).append("&&window.").append(object).append('.').append(method);
        script.append('(');
        for (int i = 0; i < arguments.length; i++) {
            if (i > 0) script.append(',');
            script.append(JsText.quote(arguments[i]));
        }
        return script.append(')').toString();
    }
}
