package cn.bianmin.box.usb;

import android.hardware.usb.UsbDeviceConnection;
import android.hardware.usb.UsbEndpoint;
import android.hardware.usb.UsbRequest;
import java.nio.ByteBuffer;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.annotation.RealObject;

/** A request on the interrupt endpoint. */
@Implements(UsbRequest.class)
public class FakeRequest {
    @RealObject private UsbRequest request;
    private FakeConnection connection;
    private ByteBuffer buffer;
    private volatile boolean cancelled;

    @Implementation
    protected boolean initialize(UsbDeviceConnection connection, UsbEndpoint endpoint) {
        this.connection = FakeConnection.of(connection);
        return true;
    }

    @Implementation
    protected boolean queue(ByteBuffer buffer, int length) {
        this.buffer = buffer;
        connection.queue(this);
        return true;
    }

    @Implementation
    protected boolean cancel() {
        cancelled = true;
        connection.reader().wake();
        return true;
    }

    @Implementation
    protected void close() {}

    boolean isCancelled() {
        return cancelled;
    }

    /** As the platform's `dequeue`: the position tells how much came. */
    void done(byte[] bytes) {
        buffer.put(bytes);
    }

    UsbRequest real() {
        return request;
    }
}
