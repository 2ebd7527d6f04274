package cn.bianmin.box;

import android.annotation.SuppressLint;
import android.content.Context;
import android.os.Handler;
import android.os.Looper;
import android.view.ViewGroup;
import android.webkit.WebView;
import cn.bianmin.box.bridge.Bridge;
import cn.bianmin.box.bridge.LastCall;
import cn.bianmin.box.bridge.Operations;
import cn.bianmin.box.bridge.WebViewPage;
import cn.bianmin.box.bridge.Workers;
import cn.bianmin.box.fleet.BeatSchedule;
import cn.bianmin.box.fleet.CountedFaults;
import cn.bianmin.box.shell.Parts;
import cn.bianmin.box.shell.Screen;
import cn.bianmin.box.shell.ShellEvents;
import cn.bianmin.box.shell.ShellOperations;
import cn.bianmin.box.usb.Readers;
import cn.bianmin.box.usb.UsbOperations;
import cn.bianmin.box.web.AssetHost;
import cn.bianmin.box.web.PageClient;
import cn.bianmin.box.web.PageView;
import java.util.concurrent.ExecutorService;

/** One WebView with its page and the two objects that it sees. Main thread. */
final class PageHost {
    private static final long BEAT_AFTER_MS = 30_000;

    final WebView view;
    final String engine;
    final ShellEvents events;
    /** Of the shell; readers are asked all the time. */
    final LastCall lastCall;
    private final WebViewPage page;
    private final Readers readers;
    private final ExecutorService parallel = Workers.parallel("page");
    private final Parts parts;
    private final Handler mainThread = new Handler(Looper.getMainLooper());
    private final ExecutorService serial = Workers.serial("page-store");

    /** Only our own page is ever loaded, which is what makes the objects safe: see `AssetHost`. */
    @SuppressLint({"AddJavascriptInterface", "JavascriptInterface"})
    PageHost(Context context, Parts parts, Screen screen, PageClient.Listener listener) {
        this.parts = parts;
        view = PageView.make(context, parts.config.sandbox, listener);
        engine = view.getSettings().getUserAgentString();
        page = new WebViewPage(view);
        events = new ShellEvents(page);
        readers = BoxApplication.of(context).readers();
        UsbOperations usb = new UsbOperations(readers, page, parallel);
        readers.setListener(usb);
        view.addJavascriptInterface(bridge(usb, UsbOperations.PAGE_OBJECT), "BianminUsb");
        lastCall = new LastCall(new ShellOperations(parts, screen, events, parallel, serial), parts.clock);
        view.addJavascriptInterface(bridge(lastCall, ShellOperations.PAGE_OBJECT), "BianminShell");
        beatLater(context.getApplicationContext());
    }

    private Bridge bridge(Operations operations, String pageObject) {
        return new Bridge(new CountedFaults(operations, parts.memory), page, pageObject);
    }

    /** The page's start has the box for itself; who looks from afar sees the box soon afterwards. */
    private void beatLater(final Context application) {
        mainThread.postDelayed(
                new Runnable() {
                    @Override
                    public void run() {
                        parts.memory.engine(engine);
                        BeatSchedule.soon(application, Math.random());
                    }
                },
                BEAT_AFTER_MS);
    }

    /** Something failed that the page did not ask for. */
    void fault(final String code) {
        serial.execute(
                new Runnable() {
                    @Override
                    public void run() {
                        parts.memory.fault(code);
                    }
                });
    }

    void load() {
        view.loadUrl(AssetHost.START);
    }

    /** For a portal's page in front: no screens. */
    void loadReader() {
        view.loadUrl(AssetHost.START + "#reader");
    }

    /** What is stored is stored to the end; answers go nowhere any more. */
    void close() {
        readers.setListener(null);
        page.detach();
        serial.execute(
                new Runnable() {
                    @Override
                    public void run() {
                        parts.memory.keep();
                    }
                });
        serial.shutdown();
        parallel.shutdown();
        ViewGroup parent = (ViewGroup) view.getParent();
        if (parent != null) parent.removeView(view);
        view.removeJavascriptInterface("BianminUsb");
        view.removeJavascriptInterface("BianminShell");
        view.destroy();
    }
}
