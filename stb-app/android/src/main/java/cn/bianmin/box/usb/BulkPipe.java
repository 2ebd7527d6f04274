package cn.bianmin.box.usb;

import android.hardware.usb.UsbDeviceConnection;
import android.hardware.usb.UsbEndpoint;
import android.os.SystemClock;
import cn.bianmin.box.bridge.Failure;
import java.io.ByteArrayOutputStream;

/** Bulk transfers of an endpoint. */
final class BulkPipe {
    /** The kernel's transfers are no longer before Android 9, and a longer buffer is cut short without a word. */
    private static final int CHUNK = 16384;

    private final UsbDeviceConnection connection;
    final Endpoint endpoint;

    BulkPipe(UsbDeviceConnection connection, UsbEndpoint endpoint) {
        this.connection = connection;
        this.endpoint = new Endpoint(connection, endpoint);
    }

    /** All bytes as one transfer: a chunk is a multiple of every packet size, so that none but the last packet is short. */
    void write(byte[] data, int timeoutMs) throws Failure {
        endpoint.take();
        try {
            long from = SystemClock.elapsedRealtime();
            int at = 0;
            do {
                int length = Math.min(CHUNK, data.length - at);
                if (transfer(data, at, length, from, timeoutMs) != length) throw new Failure(UsbCodes.IO);
                at += length;
            } while (at < data.length);
        } finally {
            endpoint.release();
        }
    }

    /** One transfer: up to a short packet or `maxLength` bytes. */
    byte[] read(int maxLength, int timeoutMs) throws Failure {
        endpoint.take();
        try {
            long from = SystemClock.elapsedRealtime();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] chunk = new byte[Math.min(CHUNK, maxLength)];
            int wanted;
            int length;
            do {
                wanted = Math.min(chunk.length, maxLength - all.size());
                length = transfer(chunk, 0, wanted, from, timeoutMs);
                all.write(chunk, 0, length);
            } while (length == wanted && all.size() < maxLength);
            return all.toByteArray();
        } finally {
            endpoint.release();
        }
    }

    private int transfer(byte[] data, int at, int length, long from, int timeoutMs) throws Failure {
        // A time of 0 is for ever to Android.
        int leftMs = (int) Math.max(1, timeoutMs - (SystemClock.elapsedRealtime() - from));
        int done = connection.bulkTransfer(endpoint.endpoint, data, at, length, leftMs);
        if (done < 0) throw endpoint.failure(SystemClock.elapsedRealtime() - from, timeoutMs);
        return done;
    }
}
