package cn.bianmin.box.usb;

import android.hardware.usb.UsbDevice;
import android.hardware.usb.UsbDeviceConnection;
import android.hardware.usb.UsbEndpoint;
import android.hardware.usb.UsbInterface;
import android.hardware.usb.UsbRequest;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.annotation.RealObject;
import org.robolectric.shadow.api.Shadow;

/** An open device: hands everything to its `FakeReader`. */
@Implements(UsbDeviceConnection.class)
public class FakeConnection {
    @RealObject private UsbDeviceConnection connection;
    private FakeReader reader;
    private volatile FakeRequest queued;

    @Implementation
    protected void __constructor__(UsbDevice device) {
        reader = FakeReader.ALL.get(device.getDeviceName());
    }

    FakeReader reader() {
        return reader;
    }

    void queue(FakeRequest request) {
        queued = request;
        reader.interruptQueued.countDown();
    }

    @Implementation
    protected boolean claimInterface(UsbInterface usbInterface, boolean force) {
        if (!force || !reader.claimable) return false;
        reader.claimed++;
        return true;
    }

    @Implementation
    protected boolean releaseInterface(UsbInterface usbInterface) {
        reader.claimed--;
        return true;
    }

    @Implementation
    protected void close() {
        reader.open--;
    }

    @Implementation
    protected byte[] getRawDescriptors() {
        return reader.raw;
    }

    @Implementation
    protected int bulkTransfer(UsbEndpoint endpoint, byte[] data, int at, int length, int timeoutMs)
            throws InterruptedException {
        return reader.bulk(endpoint, data, at, length, timeoutMs);
    }

    @Implementation
    protected int controlTransfer(int type, int request, int value, int index, byte[] data, int length, int timeoutMs) {
        return reader.control(new int[] {type, request, value, index}, data);
    }

    @Implementation
    protected UsbRequest requestWait() throws InterruptedException {
        FakeRequest request = queued;
        request.done(reader.awaitInterrupt(request));
        return request.real();
    }

    static FakeConnection of(UsbDeviceConnection connection) {
        return Shadow.extract(connection);
    }
}
