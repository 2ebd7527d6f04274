package cn.bianmin.box.usb;

import static org.junit.Assert.assertEquals;

import android.util.Base64;
import java.util.Arrays;
import org.junit.Test;

/** docs/protocol/android-bridge.md, point by point: what goes to a reader and comes from it. */
public class UsbTransferTest extends UsbBridgeRig {
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
}
