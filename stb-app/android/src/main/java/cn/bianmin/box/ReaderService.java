package cn.bianmin.box;

import android.app.Service;
import android.content.Context;
import android.content.Intent;
import android.os.Build;
import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import android.view.View;
import cn.bianmin.box.net.Network;
import cn.bianmin.box.shell.Parts;
import cn.bianmin.box.shell.Screen;
import cn.bianmin.box.web.PageClient;

/**
 * The page without a screen, for a portal that keeps its own page in front: the same page and the same two objects, in
 * a WebView that no window has. The page ends it with `leave` when its visit is over; a page that asks nothing any more
 * is ended here. Not exported: `MainActivity` alone starts it, where an intent says so.
 */
public final class ReaderService extends Service
        implements Screen, PageClient.Listener, Network.Listener, Seat.Occupant {
    /** A page that is well asks the server every second or two. */
    private static final long IDLE_MS = 3 * 60_000;
    private static final long LOOK_MS = 30_000;
    private static final int NOTICE = 1;
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 720;

    private final Handler mainThread = new Handler(Looper.getMainLooper());
    private final Runnable look =
            new Runnable() {
                @Override
                public void run() {
                    if (page == null) return;
                    if (page.lastCall.ago() >= IDLE_MS) end();
                    else mainThread.postDelayed(this, LOOK_MS);
                }
            };
    private Parts parts;
    /** Null before the first start, and after the end; for the package and its tests. */
    PageHost page;
    /** Asked for by the page on threads of its own. */
    private volatile String engine = "";

    /** False: the system does not let us, and the screens must do. */
    static boolean start(Context context) {
        try {
            return context.startService(new Intent(context, ReaderService.class)) != null;
        } catch (IllegalStateException | SecurityException e) {
            // From Android 8 on an app that is not in front may start none.
            return false;
        }
    }

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }

    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        // From Android 8 on a service of an app that is not in front lives a minute, but for one that shows itself.
        if (Build.VERSION.SDK_INT >= 26) startForeground(NOTICE, Api26Notice.make(this));
        if (page != null) {
            // The portal began another visit while the one before was still followed.
            page.events.launch();
        } else {
            parts = BoxApplication.of(this).parts();
            BoxApplication.of(this).seat().take(this);
            parts.network.setListener(this);
            open();
            mainThread.postDelayed(look, LOOK_MS);
        }
        // Where the system ends it, the token is spent: the portal's page says so and begins another visit.
        return START_NOT_STICKY;
    }

    @Override
    public void onDestroy() {
        super.onDestroy();
        closePage();
    }

    @Override
    public void evicted() {
        end();
    }

    @Override
    public void networkChanged(boolean online) {
        if (page != null) page.events.network(online);
    }

    /** As in the activity: a new page begins with what the journal holds. It has no token, and ends. */
    @Override
    public void rendererGone() {
        if (page == null) return;
        page.fault("shell.renderer-gone");
        page.close();
        open();
    }

    @Override
    public String engine() {
        return engine;
    }

    /** Nothing is opened: the portal's page is there. */
    @Override
    public void leave(String backUrl) {
        mainThread.post(
                new Runnable() {
                    @Override
                    public void run() {
                        end();
                    }
                });
    }

    private void open() {
        page = new PageHost(this, parts, this, this);
        engine = page.engine;
        // Without a window Android does not lay it out or wake it.
        page.view.measure(exactly(WIDTH), exactly(HEIGHT));
        page.view.layout(0, 0, WIDTH, HEIGHT);
        page.view.onResume();
        // Another WebView of this process may have paused them for all.
        page.view.resumeTimers();
        page.loadReader();
    }

    private void end() {
        closePage();
        stopSelf();
    }

    private void closePage() {
        mainThread.removeCallbacks(look);
        if (page == null) return;
        page.close();
        page = null;
        parts.network.setListener(null);
        parts.speaker.close();
        BoxApplication.of(this).closeReaders();
        BoxApplication.of(this).seat().leave(this);
        BoxApplication.of(this).pageRests();
    }

    private static int exactly(int pixels) {
        return View.MeasureSpec.makeMeasureSpec(pixels, View.MeasureSpec.EXACTLY);
    }
}
