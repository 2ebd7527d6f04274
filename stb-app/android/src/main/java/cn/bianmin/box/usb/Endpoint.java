package cn.bianmin.box.usb;

import android.hardware.usb.UsbDeviceConnection;
import android.hardware.usb.UsbEndpoint;
import cn.bianmin.box.bridge.Failure;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** An endpoint of an open reader: one transfer at a time, and why a transfer failed, which Android does not tell. */
final class Endpoint {
    /** USB 2.0 §9.4: standard requests with an endpoint as their recipient. */
    private static final int TO_ENDPOINT = 0x02;
    private static final int FROM_ENDPOINT = 0x82;
    private static final int GET_STATUS = 0;
    private static final int CLEAR_FEATURE = 1;
    private static final int ENDPOINT_HALT = 0;
    private static final int QUICK_MS = 1000;

    final UsbEndpoint endpoint;
    private final UsbDeviceConnection connection;
    private final Semaphore free = new Semaphore(1);

    Endpoint(UsbDeviceConnection connection, UsbEndpoint endpoint) {
        this.connection = connection;
        this.endpoint = endpoint;
    }

    /** The transfer's until `release`. */
    void take() throws Failure {
        if (!free.tryAcquire()) throw new Failure(UsbCodes.BUSY);
    }

    void release() {
        free.release();
    }

    /** Waits for the transfer that is under way, so long. */
    void drain(long ms) throws InterruptedException {
        if (free.tryAcquire(ms, TimeUnit.MILLISECONDS)) free.release();
    }

    /** Why a transfer that began so long ago brought nothing. */
    Failure failure(long tookMs, int timeoutMs) {
        Boolean halted = halted();
        if (halted == null) return new Failure(UsbCodes.IO);
        if (halted) return new Failure(UsbCodes.STALL);
        return new Failure(tookMs >= timeoutMs ? UsbCodes.TIMEOUT : UsbCodes.IO);
    }

    /** Null where the device does not say. */
    Boolean halted() {
        byte[] status = new byte[2];
        int address = endpoint.getAddress();
        int length = connection.controlTransfer(FROM_ENDPOINT, GET_STATUS, 0, address, status, 2, QUICK_MS);
        return length == 2 ? (Boolean) ((status[0] & 1) != 0) : null;
    }

    void clearHalt() throws Failure {
        int address = endpoint.getAddress();
        int sent = connection.controlTransfer(TO_ENDPOINT, CLEAR_FEATURE, ENDPOINT_HALT, address, null, 0, QUICK_MS);
        if (sent < 0) throw new Failure(UsbCodes.IO);
    }
}
