package cn.bianmin.box;

import android.app.Activity;
import android.content.ActivityNotFoundException;
import android.content.ComponentCallbacks2;
import android.content.Intent;
import android.net.Uri;
import android.os.Bundle;
import android.os.Handler;
import android.view.KeyEvent;
import android.view.View;
import android.view.WindowManager;
import cn.bianmin.box.launch.RemoteKeys;
import cn.bianmin.box.net.Network;
import cn.bianmin.box.shell.Parts;
import cn.bianmin.box.shell.Screen;
import cn.bianmin.box.web.PageClient;

/** The one screen: a page, the whole of the television, and the remote's keys. */
public final class MainActivity extends Activity
        implements Screen, PageClient.Listener, Network.Listener, Seat.Occupant {
    /** A write that is under way when the app is left may end. */
    private static final long CLOSE_AFTER_MS = 10_000;
    /** Back held so often leaves the app, whatever the page does: it must not hold its user. */
    private static final int LEAVING_REPEATS = 20;

    private final Handler mainThread = new Handler();
    private final Runnable rest =
            new Runnable() {
                @Override
                public void run() {
                    resting = true;
                    page.view.onPause();
                    BoxApplication.of(MainActivity.this).closeReaders();
                    BoxApplication.of(MainActivity.this).seat().rest(MainActivity.this, true);
                    BoxApplication.of(MainActivity.this).pageRests();
                }
            };
    /** Not seen for so long that the readers were closed. */
    private boolean resting;
    private Parts parts;
    /** Null where it never was, or was let go. */
    private PageHost page;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        parts = BoxApplication.of(this).parts();
        // From a state that was kept, the intent is one that was read before.
        boolean asked = saved == null && parts.launch.offer(getIntent());
        setIntent(new Intent());
        if (asked && parts.launch.isForReader() && ReaderService.start(this)) {
            // Ended before it has a window: the portal's page stays in front.
            finish();
            return;
        }
        getWindow().addFlags(WindowManager.LayoutParams.FLAG_KEEP_SCREEN_ON);
        BoxApplication.of(this).seat().take(this);
        parts.network.setListener(this);
        open();
    }

    @Override
    protected void onNewIntent(Intent intent) {
        super.onNewIntent(intent);
        // Where our screens are open they stay, also for a portal that keeps its own page in front: it is shown what they show.
        if (parts.launch.offer(intent) && page != null) page.events.launch();
    }

    @Override
    protected void onStart() {
        super.onStart();
        mainThread.removeCallbacks(rest);
        if (page == null) return;
        page.events.resume();
        if (!resting) return;
        resting = false;
        BoxApplication.of(this).seat().rest(this, false);
        page.view.onResume();
        // The page opens again what is there.
        BoxApplication.of(this).readers().announce();
    }

    @Override
    protected void onStop() {
        super.onStop();
        if (page == null) return;
        page.events.pause();
        mainThread.postDelayed(rest, CLOSE_AFTER_MS);
    }

    @Override
    protected void onDestroy() {
        super.onDestroy();
        closePage();
    }

    @Override
    public void evicted() {
        closePage();
        finish();
    }

    @Override
    public void onWindowFocusChanged(boolean hasFocus) {
        super.onWindowFocusChanged(hasFocus);
        if (hasFocus) hideSystemBars();
    }

    @Override
    public void onTrimMemory(int level) {
        super.onTrimMemory(level);
        // Between the two stands "no longer seen", which is no shortage.
        boolean low = level >= ComponentCallbacks2.TRIM_MEMORY_RUNNING_LOW;
        if (page != null && low && level != ComponentCallbacks2.TRIM_MEMORY_UI_HIDDEN) page.events.memory();
    }

    @Override
    public boolean dispatchKeyEvent(KeyEvent event) {
        int code = RemoteKeys.map(event);
        if (code == RemoteKeys.BACK && page != null) {
            onBack(event);
            return true;
        }
        return super.dispatchKeyEvent(code == event.getKeyCode() ? event : RemoteKeys.withCode(event, code));
    }

    /** Middlewares that send back without a key. */
    @Override
    public void onBackPressed() {
        if (page != null) page.events.back();
    }

    @Override
    public void networkChanged(boolean online) {
        page.events.network(online);
    }

    /** Memory ran short and the system ended the page: a new one, which begins with what the journal holds. */
    @Override
    public void rendererGone() {
        if (page == null) return;
        page.fault("shell.renderer-gone");
        page.close();
        open();
        page.events.resume();
    }

    @Override
    public String engine() {
        return page.engine;
    }

    @Override
    public void leave(final String backUrl) {
        runOnUiThread(
                new Runnable() {
                    @Override
                    public void run() {
                        if (backUrl != null) openOutside(backUrl);
                        finish();
                    }
                });
    }

    private void open() {
        page = new PageHost(this, parts, this, this);
        setContentView(page.view);
        page.view.requestFocus();
        page.load();
    }

    private void onBack(KeyEvent event) {
        if (event.getAction() != KeyEvent.ACTION_DOWN) return;
        if (event.getRepeatCount() == 0) page.events.back();
        else if (event.getRepeatCount() == LEAVING_REPEATS) finish();
    }

    /** And all that only a page uses. */
    private void closePage() {
        mainThread.removeCallbacks(rest);
        if (page == null) return;
        page.close();
        page = null;
        parts.network.setListener(null);
        parts.speaker.close();
        BoxApplication.of(this).closeReaders();
        BoxApplication.of(this).seat().leave(this);
        BoxApplication.of(this).pageRests();
    }

    private void openOutside(String url) {
        try {
            startActivity(new Intent(Intent.ACTION_VIEW, Uri.parse(url)).addCategory(Intent.CATEGORY_BROWSABLE));
        } catch (ActivityNotFoundException | SecurityException e) {
            // Then what was there before us is there again.
        }
    }

    private void hideSystemBars() {
        getWindow()
                .getDecorView()
                .setSystemUiVisibility(
                        View.SYSTEM_UI_FLAG_LAYOUT_STABLE
                                | View.SYSTEM_UI_FLAG_LAYOUT_FULLSCREEN
                                | View.SYSTEM_UI_FLAG_LAYOUT_HIDE_NAVIGATION
                                | View.SYSTEM_UI_FLAG_FULLSCREEN
                                | View.SYSTEM_UI_FLAG_HIDE_NAVIGATION
                                | View.SYSTEM_UI_FLAG_IMMERSIVE_STICKY);
    }
}
