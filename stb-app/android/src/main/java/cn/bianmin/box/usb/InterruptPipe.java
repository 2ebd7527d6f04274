package cn.bianmin.box.usb;

import android.hardware.usb.UsbDeviceConnection;
import android.hardware.usb.UsbEndpoint;
import android.hardware.usb.UsbRequest;
import cn.bianmin.box.bridge.Failure;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads an interrupt endpoint with a request that stays queued when a read ends by its time: what it brings is the next
 * read's. (On old versions `bulkTransfer` and `UsbRequest.cancel` can lose bytes.) The thread that waits for it is the
 * only one of the connection that does: `requestWait` gives any request.
 */
final class InterruptPipe {
    private static final int QUEUE_AGAIN = 3;

    private final UsbDeviceConnection connection;
    final Endpoint endpoint;
    private final UsbRequest request = new UsbRequest();
    private final ByteBuffer buffer;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** Guarded by `lock`, as is all that follows. */
    private boolean queued;
    private boolean closed;
    private boolean broken;
    private byte[] kept = new byte[0];
    private int empty;
    private Thread waiter;

    InterruptPipe(UsbDeviceConnection connection, UsbEndpoint endpoint) {
        this.connection = connection;
        this.endpoint = new Endpoint(connection, endpoint);
        buffer = ByteBuffer.allocate(endpoint.getMaxPacketSize());
        broken = !request.initialize(connection, endpoint);
    }

    byte[] read(int maxLength, int timeoutMs) throws Failure {
        endpoint.take();
        try {
            lock.lockInterruptibly();
            try {
                return take(maxLength, timeoutMs);
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            throw new Failure(UsbCodes.IO);
        } finally {
            endpoint.release();
        }
    }

    /** Ends the waiting thread before the connection is closed under it. */
    void close() throws InterruptedException {
        Thread thread;
        lock.lock();
        try {
            closed = true;
            if (queued) request.cancel();
            thread = waiter;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (thread != null) thread.join(1000);
        request.close();
    }

    private byte[] take(int maxLength, int timeoutMs) throws Failure, InterruptedException {
        long leftNanos = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (kept.length == 0) {
            if (closed) throw new Failure(UsbCodes.GONE);
            if (broken) throw broken();
            if (!queued) queue();
            if (leftNanos <= 0) throw new Failure(UsbCodes.TIMEOUT);
            leftNanos = changed.awaitNanos(leftNanos);
        }
        byte[] taken = Arrays.copyOf(kept, Math.min(maxLength, kept.length));
        kept = Arrays.copyOfRange(kept, taken.length, kept.length);
        return taken;
    }

    /** A stall is told once for each time that it is met; the next read tries again. */
    private Failure broken() {
        broken = false;
        empty = 0;
        Boolean halted = endpoint.halted();
        return new Failure(halted != null && halted ? UsbCodes.STALL : UsbCodes.IO);
    }

    private void queue() throws Failure {
        buffer.clear();
        if (!request.queue(buffer, buffer.capacity())) throw broken();
        queued = true;
        if (waiter != null) {
            changed.signalAll();
            return;
        }
        waiter =
                new Thread("usb-interrupt") {
                    @Override
                    public void run() {
                        waitForRequests();
                    }
                };
        waiter.setDaemon(true);
        waiter.start();
    }

    private void waitForRequests() {
        try {
            while (untilQueued()) {
                UsbRequest done = connection.requestWait();
                lock.lock();
                try {
                    came(done != null);
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when it is over. */
    private boolean untilQueued() throws InterruptedException {
        lock.lock();
        try {
            while (!queued && !closed) changed.await();
            return queued;
        } finally {
            lock.unlock();
        }
    }

    private void came(boolean whole) {
        queued = false;
        int length = whole ? buffer.position() : 0;
        if (length > 0) {
            kept = Arrays.copyOf(buffer.array(), length);
            empty = 0;
        } else if (!whole || ++empty >= QUEUE_AGAIN) {
            // Nothing again and again: the endpoint is stalled, or the device is on its way out.
            broken = true;
        }
        changed.signalAll();
    }
}
