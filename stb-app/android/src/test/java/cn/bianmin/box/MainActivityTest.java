package cn.bianmin.box;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.Application;
import android.app.job.JobScheduler;
import android.content.ComponentCallbacks2;
import android.content.Context;
import android.content.Intent;
import android.os.Looper;
import android.view.KeyEvent;
import android.view.ViewGroup;
import android.webkit.WebView;
import cn.bianmin.box.launch.BootReceiver;
import java.time.Duration;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;

@RunWith(RobolectricTestRunner.class)
public class MainActivityTest {
    private static final String TOKEN = "AbCdEfGhIjKlMnOpQrSt_-12";

    private final Application context = RuntimeEnvironment.getApplication();
    private ActivityController<MainActivity> controller;

    @Before
    public void start() {
        Intent intent = new Intent(Intent.ACTION_MAIN).putExtra("token", TOKEN);
        controller = Robolectric.buildActivity(MainActivity.class, intent).setup();
    }

    @After
    public void end() {
        controller.close();
    }

    private WebView view() {
        return (WebView) ((ViewGroup) controller.get().findViewById(android.R.id.content)).getChildAt(0);
    }

    private String lastScript() {
        shadowOf(Looper.getMainLooper()).idle();
        return shadowOf(view()).getLastEvaluatedJavascript();
    }

    private static String event(String json) {
        return "window.BianminShellPage&&window.BianminShellPage.event(" + org.json.JSONObject.quote(json) + ")";
    }

    @Test
    public void showsItsOwnPageWithItsTwoObjects() {
        assertEquals("https://app.bianmin.invalid/", shadowOf(view()).getLastLoadedUrl());
        assertNotNull(shadowOf(view()).getJavascriptInterface("BianminUsb"));
        assertNotNull(shadowOf(view()).getJavascriptInterface("BianminShell"));
        assertFalse(view().getSettings().getAllowFileAccess());
        assertFalse(view().getSettings().getAllowContentAccess());
        assertTrue(shadowOf(view()).getWebViewClient().shouldOverrideUrlLoading(view(), "https://evil.example/"));
    }

    @Test
    public void theBeatWaitsUntilThePageHasStarted() {
        JobScheduler scheduler = (JobScheduler) context.getSystemService(Context.JOB_SCHEDULER_SERVICE);
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(29));
        assertTrue(scheduler.getAllPendingJobs().isEmpty());
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(2));
        assertEquals(1, scheduler.getAllPendingJobs().size());
    }

    @Test
    public void theTokenWaitsForThePageAndIsForgottenByTheIntent() {
        assertFalse(controller.get().getIntent().hasExtra("token"));
        assertEquals(TOKEN, BoxApplication.of(context).parts().launch.take().token);
    }

    @Test
    public void anotherLaunchIsAnEventAndAForgedOneIsNone() {
        String before = lastScript();
        controller.newIntent(new Intent().putExtra("token", "forged'); alert(1); ('"));
        assertEquals(before, lastScript());
        controller.newIntent(new Intent().putExtra("token", TOKEN));
        assertEquals(event("{\"name\":\"launch\"}"), lastScript());
    }

    @Test
    public void backIsAnEventUntilItIsHeld() {
        MainActivity activity = controller.get();
        activity.dispatchKeyEvent(new KeyEvent(KeyEvent.ACTION_DOWN, KeyEvent.KEYCODE_BACK));
        assertEquals(event("{\"name\":\"back\"}"), lastScript());
        assertFalse(activity.isFinishing());
        activity.dispatchKeyEvent(new KeyEvent(0, 0, KeyEvent.ACTION_DOWN, KeyEvent.KEYCODE_BACK, 20));
        assertTrue(activity.isFinishing());
    }

    @Test
    public void tellsOfBeingSeenAndOfMemory() {
        controller.pause();
        String before = lastScript();
        controller.resume();
        // The system's question about a reader lies over the app: no event.
        assertEquals(before, lastScript());
        controller.get().onTrimMemory(ComponentCallbacks2.TRIM_MEMORY_RUNNING_LOW);
        assertEquals(event("{\"name\":\"memory\"}"), lastScript());
        controller.pause().stop();
        assertEquals(event("{\"name\":\"pause\"}"), lastScript());
        controller.get().onTrimMemory(ComponentCallbacks2.TRIM_MEMORY_UI_HIDDEN);
        assertEquals(event("{\"name\":\"pause\"}"), lastScript());
        controller.start();
        assertEquals(event("{\"name\":\"resume\"}"), lastScript());
        controller.resume();
    }

    @Test
    public void readersAreToldOfAgainAfterTheyWereClosed() {
        controller.pause().stop();
        shadowOf(Looper.getMainLooper()).idleFor(Duration.ofSeconds(11));
        controller.start();
        assertEquals("window.BianminUsbPage&&window.BianminUsbPage.changed(\"[]\")", lastScript());
        controller.resume();
    }

    @Test
    public void aPageThatMemoryKilledIsReplaced() {
        WebView before = view();
        controller.get().rendererGone();
        assertNotSame(before, view());
        assertTrue(shadowOf(before).wasDestroyCalled());
        assertEquals("https://app.bianmin.invalid/", shadowOf(view()).getLastLoadedUrl());
        assertNotNull(shadowOf(view()).getJavascriptInterface("BianminShell"));
    }

    @Test
    public void leavesToThePortal() {
        controller.get().leave("http://epg.example/index.jsp");
        shadowOf(Looper.getMainLooper()).idle();
        Intent opened = shadowOf(context).getNextStartedActivity();
        assertEquals(Intent.ACTION_VIEW, opened.getAction());
        assertEquals("http://epg.example/index.jsp", opened.getDataString());
        assertTrue(controller.get().isFinishing());
    }

    @Test
    public void bootingOpensNothing() {
        for (String action : new String[] {Intent.ACTION_BOOT_COMPLETED, Intent.ACTION_MY_PACKAGE_REPLACED, "x"}) {
            new BootReceiver().onReceive(context, new Intent(action));
        }
        assertNull(shadowOf(context).getNextStartedActivity());
        assertNull(shadowOf(context).getNextStartedService());
    }
}
