package cn.bianmin.box.usb;

import android.hardware.usb.UsbConfiguration;
import android.hardware.usb.UsbConstants;
import android.hardware.usb.UsbDevice;
import android.hardware.usb.UsbEndpoint;
import android.hardware.usb.UsbInterface;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.robolectric.shadows.ShadowSystemClock;
import org.robolectric.util.ReflectionHelpers;
import org.robolectric.util.ReflectionHelpers.ClassParameter;

/** A reader on the fake bus: what its endpoints do, and how the kernel tells of it. */
public final class FakeReader {
    static final int OUT = 0x01;
    static final int IN = 0x82;
    static final int INTERRUPT = 0x83;
    static final byte[] CCID = new byte[54];

    static {
        CCID[0] = 54;
        CCID[1] = 0x21;
        CCID[2] = 0x10;
        CCID[3] = 0x01;
    }

    /** Those of the running test, by device name. */
    static final Map<String, FakeReader> ALL = new HashMap<>();

    public final UsbDevice device;
    byte[] raw;
    final List<String> control = Collections.synchronizedList(new ArrayList<>());
    final List<String> written = Collections.synchronizedList(new ArrayList<>());
    private final Deque<byte[]> answers = new ArrayDeque<>();
    private final Set<Integer> halted = new HashSet<>();
    private final Deque<byte[]> interrupts = new ArrayDeque<>();
    private boolean unplugged;
    private boolean hanging;
    /** Down once a read of the interrupt endpoint is under way. */
    final CountDownLatch interruptQueued = new CountDownLatch(1);
    boolean claimable = true;
    int open;
    int claimed;

    /** A composite device: a keyboard, and behind it the interface of the given class. */
    public FakeReader(String name, int vendor, int usbClass, boolean withInterrupt) {
        // Of Android 5; later ones have another, and the tests are compiled against those.
        device =
                ReflectionHelpers.callConstructor(
                        UsbDevice.class,
                        ClassParameter.from(String.class, name),
                        ClassParameter.from(int.class, vendor),
                        ClassParameter.from(int.class, 0x0001),
                        ClassParameter.from(int.class, 0),
                        ClassParameter.from(int.class, 0),
                        ClassParameter.from(int.class, 0),
                        ClassParameter.from(String.class, "Maker"),
                        ClassParameter.from(String.class, "Reader"),
                        ClassParameter.from(String.class, "S1"));
        List<UsbEndpoint> endpoints = new ArrayList<>();
        endpoints.add(new UsbEndpoint(OUT, UsbConstants.USB_ENDPOINT_XFER_BULK, 64, 0));
        endpoints.add(new UsbEndpoint(IN, UsbConstants.USB_ENDPOINT_XFER_BULK, 64, 0));
        if (withInterrupt) endpoints.add(new UsbEndpoint(INTERRUPT, UsbConstants.USB_ENDPOINT_XFER_INT, 8, 16));
        UsbInterface usbInterface = new UsbInterface(2, 0, null, usbClass, 0, 0);
        usbInterface.setEndpoints(endpoints.toArray(new UsbEndpoint[0]));
        UsbInterface keyboard = new UsbInterface(1, 0, null, UsbConstants.USB_CLASS_HID, 1, 1);
        keyboard.setEndpoints(new UsbEndpoint[0]);
        UsbConfiguration configuration = new UsbConfiguration(1, null, 0x80, 50);
        configuration.setInterfaces(new UsbInterface[] {keyboard, usbInterface});
        device.setConfigurations(new UsbConfiguration[] {configuration});
        raw = descriptors();
        ALL.put(name, this);
    }

    /** A HID descriptor has the same type as a reader's; only the one after our interface counts. */
    private static byte[] descriptors() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] device = new byte[18];
        device[0] = 18;
        device[1] = 1;
        all.writeBytes(device);
        all.writeBytes(new byte[] {9, 2, 0, 0, 2, 1, 0, (byte) 0x80, 50});
        all.writeBytes(new byte[] {9, 4, 1, 0, 0, 3, 1, 1, 0});
        byte[] another = CCID.clone();
        another[3] = 9;
        all.writeBytes(another);
        all.writeBytes(new byte[] {9, 4, 2, 0, 3, 11, 0, 0, 0});
        all.writeBytes(CCID);
        all.writeBytes(new byte[] {7, 5, 1, 2, 64, 0, 0});
        return all.toByteArray();
    }

    synchronized void willAnswer(byte... bytes) {
        answers.add(bytes);
        notifyAll();
    }

    synchronized void stall(int endpoint) {
        halted.add(endpoint);
    }

    /** Transfers in do not end until the reader is unplugged: a kernel that is slow to tell. */
    synchronized void hang() {
        hanging = true;
    }

    synchronized void interrupt(byte... bytes) {
        interrupts.add(bytes);
        notifyAll();
    }

    public synchronized void unplug() {
        unplugged = true;
        notifyAll();
    }

    /** As `bulkTransfer`: -1 for whatever went wrong, and time goes by. */
    synchronized int bulk(UsbEndpoint endpoint, byte[] data, int at, int length, int timeoutMs)
            throws InterruptedException {
        if (unplugged || halted.contains(endpoint.getAddress())) return -1;
        if (endpoint.getAddress() == OUT) {
            written.add(hex(Arrays.copyOfRange(data, at, at + length)));
            return length;
        }
        while (hanging && !unplugged) wait();
        byte[] answer = answers.poll();
        if (answer == null) {
            ShadowSystemClock.advanceBy(Duration.ofMillis(timeoutMs));
            return -1;
        }
        int taken = Math.min(length, answer.length);
        System.arraycopy(answer, 0, data, at, taken);
        if (taken < answer.length) answers.addFirst(Arrays.copyOfRange(answer, taken, answer.length));
        return taken;
    }

    synchronized int control(int[] setup, byte[] data) {
        if (unplugged) return -1;
        if (setup[0] == 0x82 && setup[1] == 0) {
            data[0] = (byte) (halted.contains(setup[3]) ? 1 : 0);
            return 2;
        }
        if (setup[0] == 0x02 && setup[1] == 1) halted.remove(setup[3]);
        control.add(String.format("%02x %02x %04x %04x", setup[0], setup[1], setup[2], setup[3]));
        return 0;
    }

    /** Waits for the interrupt transfer that is queued; null where it was cancelled or the reader is gone. */
    synchronized byte[] awaitInterrupt(FakeRequest request) throws InterruptedException {
        while (interrupts.isEmpty() && !unplugged && !request.isCancelled() && !halted.contains(INTERRUPT)) wait();
        if (unplugged || request.isCancelled() || halted.contains(INTERRUPT)) return new byte[0];
        return interrupts.poll();
    }

    synchronized void wake() {
        notifyAll();
    }

    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) text.append(String.format("%02x", each));
        return text.toString();
    }
}
