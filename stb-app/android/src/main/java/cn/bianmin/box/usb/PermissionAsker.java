package cn.bianmin.box.usb;

import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.hardware.usb.UsbDevice;
import android.hardware.usb.UsbManager;
import cn.bianmin.box.bridge.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks the person whether a reader may be used. Android forgets the answer whenever the reader is unplugged. */
public final class PermissionAsker {
    /** A person does not sit in front of a question for longer. */
    private static final long PATIENCE_MINUTES = 5;

    private final Context context;
    private final UsbManager manager;
    /** By the device's name: one question on the screen, however often it is opened. */
    private final Map<String, CountDownLatch> asked = new HashMap<>();

    PermissionAsker(Context context, UsbManager manager) {
        this.context = context;
        this.manager = manager;
    }

    /** Blocks until it is allowed; fails with `usb.permission` where it is not. */
    void require(UsbDevice device) throws Failure {
        if (manager.hasPermission(device)) return;
        try {
            if (!question(device).await(PATIENCE_MINUTES, TimeUnit.MINUTES)) forget(device.getDeviceName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // What the system knows counts, and not what a message says.
        if (!manager.hasPermission(device)) throw new Failure(UsbCodes.PERMISSION);
    }

    /** The person answered, or the device is gone. */
    void answered(String deviceName) {
        CountDownLatch question = forget(deviceName);
        if (question != null) question.countDown();
    }

    private synchronized CountDownLatch question(UsbDevice device) {
        CountDownLatch open = asked.get(device.getDeviceName());
        if (open != null) return open;
        CountDownLatch question = new CountDownLatch(1);
        asked.put(device.getDeviceName(), question);
        manager.requestPermission(device, answerTo(device));
        return question;
    }

    private synchronized CountDownLatch forget(String deviceName) {
        return asked.remove(deviceName);
    }

    /** To our own receiver, which no other app can reach. Each device has an intent of its own. */
    private PendingIntent answerTo(UsbDevice device) {
        Intent intent = new Intent(context, PermissionReceiver.class);
        return PendingIntent.getBroadcast(
                context, device.getDeviceId(), intent, PendingIntent.FLAG_UPDATE_CURRENT);
    }
}
