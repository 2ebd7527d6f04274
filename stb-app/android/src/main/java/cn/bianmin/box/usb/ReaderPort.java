package cn.bianmin.box.usb;

import android.hardware.usb.UsbDevice;
import android.hardware.usb.UsbDeviceConnection;
import cn.bianmin.box.bridge.Call;
import cn.bianmin.box.bridge.Failure;
import java.util.HashSet;
import java.util.Set;

/** An open reader. What is under way when it goes is answered `usb.gone` at once, whatever the kernel does. */
final class ReaderPort {
    /** CCID rev 1.1 §5.3.1: class request ABORT to the interface. */
    private static final int TO_INTERFACE = 0x21;
    private static final int ABORT = 0x01;
    private static final long DRAIN_MS = 500;

    final String device;
    final byte[] ccidDescriptor;
    private final UsbDeviceConnection connection;
    private final ReaderInterface reader;
    private final BulkPipe out;
    private final BulkPipe in;
    /** Null where the reader has none. */
    private final InterruptPipe interrupt;
    private final Set<Call> underWay = new HashSet<>();
    private boolean gone;

    private ReaderPort(UsbDevice device, UsbDeviceConnection connection, ReaderInterface reader) {
        this.device = device.getDeviceName();
        this.connection = connection;
        this.reader = reader;
        out = new BulkPipe(connection, reader.bulkOut);
        in = new BulkPipe(connection, reader.bulkIn);
        interrupt = reader.interruptIn == null ? null : new InterruptPipe(connection, reader.interruptIn);
        ccidDescriptor = CcidDescriptor.find(connection.getRawDescriptors(), reader.usbInterface.getId());
    }

    /** Takes the interface from the kernel's driver. The connection is closed where that fails. */
    static ReaderPort open(UsbDevice device, UsbDeviceConnection connection, ReaderInterface reader) throws Failure {
        if (connection == null) throw new Failure(UsbCodes.IO);
        if (!reader.hasBothWays() || !connection.claimInterface(reader.usbInterface, true)) {
            connection.close();
            throw new Failure(UsbCodes.IO);
        }
        return new ReaderPort(device, connection, reader);
    }

    int packetSize() {
        return reader.bulkOut.getMaxPacketSize();
    }

    /** The call belongs to the port until `leave`. */
    synchronized void enter(Call call) throws Failure {
        if (gone) throw new Failure(UsbCodes.GONE);
        underWay.add(call);
    }

    synchronized void leave(Call call) {
        underWay.remove(call);
    }

    void bulkOut(byte[] data, int timeoutMs) throws Failure {
        out.write(data, timeoutMs);
    }

    byte[] bulkIn(int maxLength, int timeoutMs) throws Failure {
        return in.read(maxLength, timeoutMs);
    }

    byte[] interruptIn(int maxLength, int timeoutMs) throws Failure {
        if (interrupt == null) throw new Failure(UsbCodes.IO);
        return interrupt.read(maxLength, timeoutMs);
    }

    void controlAbort(int slot, int seq, int timeoutMs) throws Failure {
        int value = seq << 8 | slot;
        int index = reader.usbInterface.getId();
        int sent = connection.controlTransfer(TO_INTERFACE, ABORT, value, index, null, 0, Math.max(1, timeoutMs));
        if (sent < 0) throw new Failure(UsbCodes.IO);
    }

    /** `name`: as the contract calls endpoints; null for one that is not there. */
    Endpoint endpoint(String name) {
        if ("bulk-out".equals(name)) return out.endpoint;
        if ("bulk-in".equals(name)) return in.endpoint;
        return "interrupt-in".equals(name) && interrupt != null ? interrupt.endpoint : null;
    }

    /** Every call that is under way ends, and no other begins. */
    void end() {
        Call[] calls;
        synchronized (this) {
            gone = true;
            calls = underWay.toArray(new Call[0]);
            underWay.clear();
        }
        for (Call call : calls) call.fail(UsbCodes.GONE);
    }

    /** After `end`. Waits a little for transfers, which must not lose their connection under way. */
    void close() {
        try {
            if (interrupt != null) interrupt.close();
            out.endpoint.drain(DRAIN_MS);
            in.endpoint.drain(DRAIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connection.releaseInterface(reader.usbInterface);
        connection.close();
    }
}
