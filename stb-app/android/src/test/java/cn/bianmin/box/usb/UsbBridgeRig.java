package cn.bianmin.box.usb;

import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.Application;
import android.content.Context;
import android.content.Intent;
import android.hardware.usb.UsbManager;
import android.os.Looper;
import android.util.Base64;
import cn.bianmin.box.BoxApplication;
import cn.bianmin.box.bridge.Bridge;
import cn.bianmin.box.bridge.Workers;
import cn.bianmin.box.testing.Asking;
import cn.bianmin.box.testing.RecordingPage;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Before;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;

/** A box with a reader, and its page that asks for it. */
@RunWith(RobolectricTestRunner.class)
@Config(shadows = {FakeUsbManager.class, FakeConnection.class, FakeRequest.class})
public abstract class UsbBridgeRig {
    static final String NAME = "/dev/bus/usb/001/002";
    static final int READERS = 0x0B;
    static final int VENDORS = 0xFF;
    static final String HELLO = "{'op':'hello','version':1,'vendors':[1839]}";

    final Application context = RuntimeEnvironment.getApplication();
    final RecordingPage page = new RecordingPage();
    private final Readers readers = BoxApplication.of(context).readers();
    private final UsbOperations usb = new UsbOperations(readers, page, Workers.parallel("test"));
    final Asking asking = new Asking(new Bridge(usb, page, UsbOperations.PAGE_OBJECT), page);
    FakeUsbManager manager;
    FakeReader reader;

    @Before
    public void set() {
        FakeUsbManager.forgetAll();
        manager = Shadow.extract(context.getSystemService(Context.USB_SERVICE));
        readers.setListener(usb);
        reader = plug(NAME, 0x1234, READERS, true);
    }

    @After
    public void closeReaders() {
        reader.unplug();
        readers.closeAll();
    }

    FakeReader plug(String name, int vendor, int usbClass, boolean allowed) {
        FakeReader plugged = new FakeReader(name, vendor, usbClass, true);
        manager.addOrUpdateUsbDevice(plugged.device, allowed);
        broadcast(UsbManager.ACTION_USB_DEVICE_ATTACHED, plugged);
        return plugged;
    }

    void unplug(FakeReader plugged) {
        manager.removeUsbDevice(plugged.device);
        broadcast(UsbManager.ACTION_USB_DEVICE_DETACHED, plugged);
        plugged.unplug();
    }

    void broadcast(String action, FakeReader plugged) {
        context.sendBroadcast(new Intent(action).putExtra(UsbManager.EXTRA_DEVICE, plugged.device));
        shadowOf(Looper.getMainLooper()).idle();
    }

    String open() throws Exception {
        JSONObject answer = asking.ask("{'op':'open','device':'" + NAME + "'}");
        assertTrue(answer.toString(), answer.getBoolean("ok"));
        return answer.getString("port");
    }

    static String out(String port, String base64) {
        return "{'op':'bulkOut','port':'" + port + "','data':'" + base64 + "','timeoutMs':1000}";
    }

    static String in(String port, int maxLength, int timeoutMs) {
        return "{'op':'bulkIn','port':'" + port + "','maxLength':" + maxLength + ",'timeoutMs':" + timeoutMs + "}";
    }

    static String interruptIn(String port, int timeoutMs) {
        return "{'op':'interruptIn','port':'" + port + "','maxLength':8,'timeoutMs':" + timeoutMs + "}";
    }

    static String data(JSONObject answer) throws Exception {
        assertTrue(answer.toString(), answer.getBoolean("ok"));
        return FakeReader.hex(Base64.decode(answer.getString("data"), Base64.DEFAULT));
    }
}
