package cn.bianmin.box.usb;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.hardware.usb.UsbManager;
import android.util.Base64;
import cn.bianmin.box.testing.Asking;
import java.util.Arrays;
import org.json.JSONObject;
import org.junit.Test;

/** docs/protocol/android-bridge.md, point by point: which readers there are, and who holds them. */
public class UsbBridgeTest extends UsbBridgeRig {
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
