package cn.bianmin.box.usb;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
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
import java.util.Arrays;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;
import org.robolectric.shadow.api.Shadow;

/** docs/protocol/android-bridge.md, point by point. */
@RunWith(RobolectricTestRunner.class)
@Config(shadows = {FakeUsbManager.class, FakeConnection.class, FakeRequest.class})
public class UsbBridgeTest {
    private static final String NAME = "/dev/bus/usb/001/002";
    private static final int READERS = 0x0B;
    private static final int VENDORS = 0xFF;
    private static final String HELLO = "{'op':'hello','version':1,'vendors':[1839]}";

    private final Application context = RuntimeEnvironment.getApplication();
    private final RecordingPage page = new RecordingPage();
    private final Readers readers = BoxApplication.of(context).readers();
    private final UsbOperations usb = new UsbOperations(readers, page, Workers.parallel("test"));
    private final Asking asking = new Asking(new Bridge(usb, page, UsbOperations.PAGE_OBJECT), page);
    private FakeUsbManager manager;
    private FakeReader reader;

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

    private FakeReader plug(String name, int vendor, int usbClass, boolean allowed) {
        FakeReader plugged = new FakeReader(name, vendor, usbClass, true);
        manager.addOrUpdateUsbDevice(plugged.device, allowed);
        broadcast(UsbManager.ACTION_USB_DEVICE_ATTACHED, plugged);
        return plugged;
    }

    private void unplug(FakeReader plugged) {
        manager.removeUsbDevice(plugged.device);
        broadcast(UsbManager.ACTION_USB_DEVICE_DETACHED, plugged);
        plugged.unplug();
    }

    private void broadcast(String action, FakeReader plugged) {
        context.sendBroadcast(new Intent(action).putExtra(UsbManager.EXTRA_DEVICE, plugged.device));
        shadowOf(Looper.getMainLooper()).idle();
    }

    private String open() throws Exception {
        JSONObject answer = asking.ask("{'op':'open','device':'" + NAME + "'}");
        assertTrue(answer.toString(), answer.getBoolean("ok"));
        return answer.getString("port");
    }

    private static String out(String port, String base64) {
        return "{'op':'bulkOut','port':'" + port + "','data':'" + base64 + "','timeoutMs':1000}";
    }

    private static String in(String port, int maxLength, int timeoutMs) {
        return "{'op':'bulkIn','port':'" + port + "','maxLength':" + maxLength + ",'timeoutMs':" + timeoutMs + "}";
    }

    private static String interruptIn(String port, int timeoutMs) {
        return "{'op':'interruptIn','port':'" + port + "','maxLength':8,'timeoutMs':" + timeoutMs + "}";
    }

    private static String data(JSONObject answer) throws Exception {
        assertTrue(answer.toString(), answer.getBoolean("ok"));
        return FakeReader.hex(Base64.decode(answer.getString("data"), Base64.DEFAULT));
    }

    @Test
    public void listsReadersAndNothingElse() throws Exception {
        plug("/dev/bus/usb/001/003", 1839, VENDORS, true);
        plug("/dev/bus/usb/001/004", 0x9999, VENDORS, true);
        plug("/dev/bus/usb/001/005", 0x1234, 0x08, true);
        String devices = asking.ask(HELLO).getJSONArray("devices").toString().replace("\\/", "/");
        String first =
                "{\"id\":\"/dev/bus/usb/001/002\",\"vendorId\":4660,\"productId\":1,\"manufacturer\":\"Maker\","
                        + "\"product\":\"Reader\",\"serialNumber\":\"S1\"}";
        assertEquals("[" + first + "," + first.replace("002", "003").replace("4660", "1839") + "]", devices);
        assertEquals(devices, asking.ask("{'op':'list'}").getJSONArray("devices").toString().replace("\\/", "/"));
    }

    @Test
    public void opensWithTheDescriptorOfItsOwnInterface() throws Exception {
        asking.ask(HELLO);
        JSONObject answer = asking.ask("{'op':'open','device':'" + NAME + "'}");
        assertEquals(Base64.encodeToString(FakeReader.CCID, Base64.NO_WRAP), answer.getString("ccidDescriptor"));
        assertEquals(64, answer.getInt("packetSize"));
        assertEquals(1, reader.claimed);
        reader.raw = Arrays.copyOf(reader.raw, 30);
        assertEquals("", asking.ask("{'op':'open','device':'" + NAME + "'}").getString("ccidDescriptor"));
    }

    @Test
    public void carriesACommandOutAndItsAnswerIn() throws Exception {
        String port = open();
        assertEquals("ok", asking.outcome(out(port, "ZQAAAAAABwAAAA==")));
        assertEquals(Arrays.asList("65000000000007000000"), reader.written);
        reader.willAnswer(new byte[] {(byte) 0x81, 0, 0, 0, 0, 0, 7, 2, 0, 0});
        assertEquals("81000000000007020000", data(asking.ask(in(port, 271, 3000))));
    }

    @Test
    public void givesALongAnswerInPartsOfTheLengthAskedFor() throws Exception {
        String port = open();
        reader.willAnswer(new byte[] {1, 2, 3, 4, 5, 6});
        assertEquals("01020304", data(asking.ask(in(port, 4, 1000))));
        assertEquals("0506", data(asking.ask(in(port, 64, 1000))));
    }

    @Test
    public void joinsWhatTheKernelCutsIntoChunks() throws Exception {
        String port = open();
        reader.willAnswer(new byte[16384 + 100]);
        assertEquals(2 * (16384 + 100), data(asking.ask(in(port, 65556, 1000))).length());
        String base64 = Base64.encodeToString(new byte[40000], Base64.NO_WRAP);
        assertEquals("ok", asking.outcome(out(port, base64)));
        assertEquals(3, reader.written.size());
        assertEquals(80000, String.join("", reader.written).length());
    }

    @Test
    public void aReadEndsByItsTimeAndLosesNothingThatComesLater() throws Exception {
        String port = open();
        assertEquals("usb.timeout", asking.outcome(in(port, 271, 40)));
        reader.willAnswer((byte) 9);
        assertEquals("09", data(asking.ask(in(port, 271, 1000))));
    }

    @Test
    public void aStallIsToldAndCleared() throws Exception {
        String port = open();
        reader.stall(FakeReader.IN);
        assertEquals("usb.stall", asking.outcome(in(port, 271, 1000)));
        assertEquals("ok", asking.outcome("{'op':'clearHalt','port':'" + port + "','endpoint':'bulk-in'}"));
        reader.willAnswer((byte) 9);
        assertEquals("09", data(asking.ask(in(port, 271, 1000))));
        assertEquals(Arrays.asList("02 01 0000 0082"), reader.control);
    }

    @Test
    public void abortsBySlotAndSequence() throws Exception {
        String abort = "{'op':'controlAbort','port':'" + open() + "','slot':1,'seq':7,'timeoutMs':500}";
        assertEquals("ok", asking.outcome(abort));
        assertEquals(Arrays.asList("21 01 0701 0002"), reader.control);
    }

    @Test
    public void oneTransferAtATimeForEachEndpoint() throws Exception {
        String port = open();
        String waiting = asking.begin(interruptIn(port, 60000));
        reader.interruptQueued.await();
        assertEquals("usb.busy", asking.outcome(interruptIn(port, 60000)));
        // The others do not wait for it.
        assertEquals("ok", asking.outcome(out(port, "AA==")));
        reader.interrupt((byte) 0x50, (byte) 3);
        assertEquals("5003", data(page.answer(waiting)));
    }

    @Test
    public void whatAnInterruptBringsTooLateIsTheNextReads() throws Exception {
        String port = open();
        assertEquals("usb.timeout", asking.outcome(interruptIn(port, 20)));
        reader.interrupt((byte) 0x50, (byte) 2);
        assertEquals("5002", data(asking.ask(interruptIn(port, 5000))));
        reader.interrupt((byte) 0x50, (byte) 3);
        assertEquals("5003", data(asking.ask(interruptIn(port, 5000))));
    }

    @Test
    public void aStalledInterruptEndpointDoesNotSpin() throws Exception {
        String port = open();
        reader.stall(FakeReader.INTERRUPT);
        assertEquals("usb.stall", asking.outcome(interruptIn(port, 5000)));
        assertEquals("ok", asking.outcome("{'op':'clearHalt','port':'" + port + "','endpoint':'interrupt-in'}"));
        reader.interrupt((byte) 0x50, (byte) 3);
        assertEquals("5003", data(asking.ask(interruptIn(port, 5000))));
    }

    @Test
    public void unpluggingEndsWhatIsUnderWayBeforeThePageHearsOfIt() throws Exception {
        asking.ask(HELLO);
        String port = open();
        reader.hang();
        String read = asking.begin(in(port, 271, 60000));
        String interrupt = asking.begin(interruptIn(port, 60000));
        asking.outcome(out(port, "AA=="));
        manager.removeUsbDevice(reader.device);
        // The kernel has not ended the transfers yet.
        broadcast(UsbManager.ACTION_USB_DEVICE_DETACHED, reader);
        assertEquals("usb.gone", Asking.outcomeOf(page.answer(read)));
        assertEquals("usb.gone", Asking.outcomeOf(page.answer(interrupt)));
        assertEquals("changed []", page.events().get(page.events().size() - 1));
        reader.unplug();
        assertEquals("usb.gone", asking.outcome(out(port, "AA==")));
        assertEquals("usb.gone", asking.outcome("{'op':'open','device':'" + NAME + "'}"));
        assertEquals(1, page.answersTo(read));
    }

    @Test
    public void ofTwoReadersOneGoes() throws Exception {
        FakeReader other = plug("/dev/bus/usb/001/009", 0x1234, READERS, true);
        String port = open();
        unplug(other);
        assertEquals("ok", asking.outcome(out(port, "AA==")));
        assertTrue(page.events().get(page.events().size() - 1).contains("001\\/002"));
    }

    @Test
    public void asksThePersonEachTimeItIsPluggedIn() throws Exception {
        for (int i = 0; i < 2; i++) {
            unplug(reader);
            reader = plug(NAME, 0x1234, READERS, false);
            String opening = asking.begin("{'op':'open','device':'" + NAME + "'}");
            manager.answer(context, true);
            shadowOf(Looper.getMainLooper()).idle();
            assertEquals("ok", Asking.outcomeOf(page.answer(opening)));
            manager.revokePermission(reader.device, context.getPackageName());
        }
    }

    @Test
    public void aRefusalIsOneAndCanBeTakenBack() throws Exception {
        unplug(reader);
        reader = plug(NAME, 0x1234, READERS, false);
        String opening = asking.begin("{'op':'open','device':'" + NAME + "'}");
        manager.answer(context, false);
        shadowOf(Looper.getMainLooper()).idle();
        assertEquals("usb.permission", Asking.outcomeOf(page.answer(opening)));
        assertEquals(0, reader.open);
        opening = asking.begin("{'op':'open','device':'" + NAME + "'}");
        manager.answer(context, true);
        shadowOf(Looper.getMainLooper()).idle();
        assertEquals("ok", Asking.outcomeOf(page.answer(opening)));
    }

    @Test
    public void anAnswerThatClaimsPermissionGivesNone() throws Exception {
        unplug(reader);
        reader = plug(NAME, 0x1234, READERS, false);
        String opening = asking.begin("{'op':'open','device':'" + NAME + "'}");
        while (FakeUsbManager.questions() == 0) Thread.yield();
        Intent forged =
                new Intent(context, PermissionReceiver.class)
                        .putExtra(UsbManager.EXTRA_DEVICE, reader.device)
                        .putExtra(UsbManager.EXTRA_PERMISSION_GRANTED, true);
        context.sendBroadcast(forged);
        shadowOf(Looper.getMainLooper()).idle();
        assertEquals("usb.permission", Asking.outcomeOf(page.answer(opening)));
    }

    @Test
    public void unpluggedWhileThePersonIsAsked() throws Exception {
        unplug(reader);
        reader = plug(NAME, 0x1234, READERS, false);
        String opening = asking.begin("{'op':'open','device':'" + NAME + "'}");
        while (FakeUsbManager.questions() == 0) Thread.yield();
        unplug(reader);
        assertFalse(page.answer(opening).getBoolean("ok"));
        assertEquals(0, reader.open);
    }

    @Test
    public void aNewPageFindsNothingOpen() throws Exception {
        String port = open();
        assertEquals(1, reader.open);
        asking.ask(HELLO);
        assertEquals("usb.gone", asking.outcome(out(port, "AA==")));
        assertEquals(0, reader.open);
        assertEquals(0, reader.claimed);
    }

    @Test
    public void closingEndsAReadThatWaits() throws Exception {
        String port = open();
        String waiting = asking.begin(interruptIn(port, 60000));
        assertEquals("ok", asking.outcome("{'op':'close','port':'" + port + "'}"));
        assertEquals("usb.gone", Asking.outcomeOf(page.answer(waiting)));
        assertEquals("ok", asking.outcome("{'op':'close','port':'" + port + "'}"));
        assertEquals(0, reader.open);
    }

    @Test
    public void aReaderThatCannotBeTakenIsClosedAgain() throws Exception {
        reader.claimable = false;
        assertEquals("usb.io", asking.outcome("{'op':'open','device':'" + NAME + "'}"));
        assertEquals(0, reader.open);
    }

    @Test
    public void whatIsNotAsAgreedIsRefused() throws Exception {
        String port = open();
        String[] wrong = {
            "{'op':'hello','version':2,'vendors':[]}",
            "{'op':'format'}",
            "{'op':'bulkIn','port':'" + port + "','maxLength':0,'timeoutMs':1}",
            "{'op':'bulkIn','port':'" + port + "','maxLength':1e9,'timeoutMs':1}",
            "{'op':'bulkOut','port':'" + port + "','data':'?','timeoutMs':1}",
            "{'op':'clearHalt','port':'" + port + "','endpoint':'control'}",
            "{'op':'open'}",
        };
        for (String request : wrong) assertEquals(request, "usb.io", asking.outcome(request));
        assertEquals("usb.gone", asking.outcome(in("77", 1, 1)));
    }
}
