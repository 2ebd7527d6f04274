package cn.bianmin.box;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.Application;
import android.app.Service;
import android.content.ComponentName;
import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.content.pm.ServiceInfo;
import android.hardware.usb.UsbManager;
import android.os.Looper;
import android.webkit.WebView;
import cn.bianmin.box.bridge.Bridge;
import cn.bianmin.box.testing.Eventually;
import cn.bianmin.box.usb.FakeConnection;
import cn.bianmin.box.usb.FakeReader;
import cn.bianmin.box.usb.FakeRequest;
import cn.bianmin.box.usb.FakeUsbManager;
import java.time.Duration;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.android.controller.ServiceController;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;

/** The page without a screen, from the portal's intent to its end. */
@RunWith(RobolectricTestRunner.class)
@Config(shadows = {FakeUsbManager.class, FakeConnection.class, FakeRequest.class})
public class ReaderServiceTest {
    private static final String TOKEN = "AbCdEfGhIjKlMnOpQrSt_-12";
    private static final String OTHER_TOKEN = "BbCdEfGhIjKlMnOpQrSt_-12";
    private static final String DEVICE = "/dev/bus/usb/001/002";

    private final Application context = RuntimeEnvironment.getApplication();
    private ServiceController<ReaderService> controller;

    @Before
    public void make() {
        FakeUsbManager.forgetAll();
        controller = Robolectric.buildService(ReaderService.class).create();
    }

    @After
    public void destroy() {
        controller.destroy();
        BoxApplication.of(context).readers().closeAll();
    }

    private static Intent asked(String token) {
        return new Intent(Intent.ACTION_MAIN).putExtra("mode", "reader").putExtra("token", token);
    }

    /** As the portal's middleware does; gives the activity, which must be gone. */
    private MainActivity launch(Intent intent) {
        try (ActivityController<MainActivity> activity = Robolectric.buildActivity(MainActivity.class, intent)) {
            return activity.create().get();
        }
    }

    private ReaderService begin() {
        launch(asked(TOKEN));
        Intent started = shadowOf(context).getNextStartedService();
        assertEquals(new ComponentName(context, ReaderService.class), started.getComponent());
        // What any app may write goes no further than the slot.
        assertNull(started.getExtras());
        assertEquals(Service.START_NOT_STICKY, controller.get().onStartCommand(started, 0, 1));
        return controller.get();
    }

    private WebView view() {
        return controller.get().page.view;
    }

    private static void idle() {
        shadowOf(Looper.getMainLooper()).idle();
    }

    private static void pass(Duration time) {
        shadowOf(Looper.getMainLooper()).idleFor(time);
    }

    private Bridge bridge(String name) {
        return (Bridge) shadowOf(view()).getJavascriptInterface(name);
    }

    private String lastScript() {
        idle();
        return String.valueOf(shadowOf(view()).getLastEvaluatedJavascript());
    }

    /** What is answered on another thread. */
    private String scriptWith(String part) {
        Eventually.until(part, () -> lastScript().contains(part));
        return lastScript();
    }

    @Test
    public void hasTheSamePageWithItsObjectsInNoWindow() {
        begin();
        assertEquals("https://app.bianmin.invalid/#reader", shadowOf(view()).getLastLoadedUrl());
        assertNotNull(bridge("BianminUsb"));
        assertNotNull(bridge("BianminShell"));
        assertNull(view().getParent());
        assertFalse(view().getSettings().getAllowFileAccess());
        assertTrue(shadowOf(view()).getWebViewClient().shouldOverrideUrlLoading(view(), "https://evil.example/"));
        assertEquals(TOKEN, BoxApplication.of(context).parts().launch.take().token);
    }

    @Test
    public void theActivityThatStartsItShowsNothing() {
        MainActivity activity = launch(asked(TOKEN));
        assertTrue(activity.isFinishing());
        assertNull(shadowOf(activity).getContentView());
        assertFalse(activity.getIntent().hasExtra("token"));
        // One extra of JSON, as some middlewares pass it.
        String json = "{\"mode\":\"reader\",\"token\":\"" + TOKEN + "\"}";
        assertTrue(launch(new Intent().putExtra("bianmin", json)).isFinishing());
    }

    @Test
    public void forgedExtrasOpenTheScreens() {
        Intent[] forged = {
            new Intent().putExtra("mode", "reader"),
            asked("short"),
            asked("forged'); alert(1); ('"),
            new Intent().putExtra("token", TOKEN).putExtra("mode", "Reader"),
            new Intent().putExtra("token", TOKEN).putExtra("mode", "reader\n"),
            new Intent().putExtra("token", TOKEN).putExtra("mode", 1),
            new Intent().putExtra("bianmin", "{\"mode\":[\"reader\"],\"token\":\"" + TOKEN + "\"}"),
            asked(TOKEN).addFlags(Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY),
        };
        for (Intent intent : forged) {
            BoxApplication.of(context).parts().launch.take();
            assertFalse(intent.toString(), launch(intent).isFinishing());
            assertNull(shadowOf(context).getNextStartedService());
        }
    }

    @Test
    public void nobodyElseStartsIt() throws Exception {
        PackageManager manager = context.getPackageManager();
        ServiceInfo info = manager.getServiceInfo(new ComponentName(context, ReaderService.class), 0);
        assertFalse(info.exported);
        assertNull(controller.get().onBind(new Intent()));
    }

    @Test
    public void aSecondLaunchIsAnEventForTheSamePage() throws Exception {
        begin();
        WebView first = view();
        BoxApplication.of(context).parts().launch.take();
        launch(asked(OTHER_TOKEN));
        controller.get().onStartCommand(shadowOf(context).getNextStartedService(), 0, 2);
        assertSame(first, view());
        assertTrue(lastScript().contains("launch"));
        bridge("BianminShell").call("7", "{\"op\":\"launch\"}");
        assertTrue(scriptWith(OTHER_TOKEN).contains("BianminShellPage.answer(\"7\""));
    }

    @Test
    public void endsWhenThePageLeaves() throws Exception {
        ReaderService service = begin();
        WebView before = view();
        bridge("BianminShell").call("1", "{\"op\":\"leave\",\"backUrl\":\"http://epg.example/\"}");
        Eventually.until("the end", () -> shadowOf(service).isStoppedBySelf());
        assertTrue(shadowOf(before).wasDestroyCalled());
        assertNull(service.page);
        // The portal's page is there already.
        assertNull(shadowOf(context).getNextStartedActivity());
    }

    @Test
    public void endsWhenThePageAsksNothingAnyMore() {
        ReaderService service = begin();
        for (int minute = 0; minute < 10; minute++) {
            bridge("BianminShell").call("1", "{\"op\":\"time\"}");
            // Readers are asked all the time, by a broken page as well.
            bridge("BianminUsb").call("1", "{\"op\":\"list\"}");
            pass(Duration.ofMinutes(1));
        }
        assertFalse(shadowOf(service).isStoppedBySelf());
        Bridge usb = bridge("BianminUsb");
        for (int minute = 0; minute < 4; minute++) {
            usb.call("1", "{\"op\":\"list\"}");
            pass(Duration.ofMinutes(1));
        }
        assertTrue(shadowOf(service).isStoppedBySelf());
    }

    @Test
    public void theScreensTakeOver() {
        ReaderService service = begin();
        WebView hidden = view();
        try (ActivityController<MainActivity> screens = Robolectric.buildActivity(MainActivity.class)) {
            screens.setup();
            assertTrue(shadowOf(service).isStoppedBySelf());
            assertTrue(shadowOf(hidden).wasDestroyCalled());
            controller.destroy();
            // The screens' page is told of readers and network, also after the service has ended.
            WebView shown = (WebView) shadowOf(screens.get()).getContentView();
            BoxApplication.of(context).readers().announce();
            idle();
            assertTrue(shadowOf(shown).getLastEvaluatedJavascript().contains("BianminUsbPage.changed"));
        }
    }

    @Test
    public void screensThatAreOpenStay() {
        try (ActivityController<MainActivity> screens = Robolectric.buildActivity(MainActivity.class)) {
            screens.setup().newIntent(asked(TOKEN));
            assertNull(shadowOf(context).getNextStartedService());
            assertFalse(screens.get().isFinishing());
            assertEquals(TOKEN, BoxApplication.of(context).parts().launch.take().token);
        }
    }

    @Test
    public void aPageThatMemoryKilledIsReplaced() {
        begin();
        WebView before = view();
        controller.get().rendererGone();
        assertNotSame(before, view());
        assertTrue(shadowOf(before).wasDestroyCalled());
        assertEquals("https://app.bianmin.invalid/#reader", shadowOf(view()).getLastLoadedUrl());
    }

    @Test
    public void thePersonIsAskedAboutAReaderWithoutAnyActivity() throws Exception {
        begin();
        FakeUsbManager manager = Shadow.extract(context.getSystemService(Context.USB_SERVICE));
        FakeReader reader = new FakeReader(DEVICE, 0x1234, 0x0B, true);
        manager.addOrUpdateUsbDevice(reader.device, false);
        context.sendBroadcast(
                new Intent(UsbManager.ACTION_USB_DEVICE_ATTACHED).putExtra(UsbManager.EXTRA_DEVICE, reader.device));
        idle();
        bridge("BianminUsb").call("1", "{\"op\":\"hello\",\"version\":1,\"vendors\":[]}");
        assertTrue(scriptWith("answer(\"1\"").contains("4660"));
        bridge("BianminUsb").call("2", "{\"op\":\"open\",\"device\":\"" + DEVICE + "\"}");
        manager.answer(context, true);
        String answer = scriptWith("answer(\"2\"");
        assertTrue(answer, answer.contains("ccidDescriptor"));
        assertNull(shadowOf(context).getNextStartedActivity());
        reader.unplug();
    }
}
