package cn.bianmin.box.usb;

import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.hardware.usb.UsbDevice;
import android.hardware.usb.UsbDeviceConnection;
import android.hardware.usb.UsbManager;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowUsbManager;

/** The system's USB service with a person in front of it. */
@Implements(UsbManager.class)
public class FakeUsbManager extends ShadowUsbManager {
    private static final BlockingQueue<Question> QUESTIONS = new LinkedBlockingQueue<>();

    private static final class Question {
        final UsbDevice device;
        final PendingIntent answer;

        Question(UsbDevice device, PendingIntent answer) {
            this.device = device;
            this.answer = answer;
        }
    }

    @Implementation
    protected void requestPermission(UsbDevice device, PendingIntent answer) {
        QUESTIONS.add(new Question(device, answer));
    }

    @Override
    @Implementation
    protected UsbDeviceConnection openDevice(UsbDevice device) {
        if (!hasPermission(device)) throw new SecurityException();
        FakeReader.ALL.get(device.getDeviceName()).open++;
        return new UsbDeviceConnection(device);
    }

    /** Waits until the system asks, and answers as the person would. */
    public void answer(Context context, boolean allowed) throws Exception {
        Question question = QUESTIONS.poll(10, TimeUnit.SECONDS);
        if (question == null) throw new AssertionError("nobody asked");
        if (allowed) grantPermission(question.device);
        Intent extras =
                new Intent()
                        .putExtra(UsbManager.EXTRA_DEVICE, question.device)
                        .putExtra(UsbManager.EXTRA_PERMISSION_GRANTED, allowed);
        question.answer.send(context, 0, extras);
    }

    static int questions() {
        return QUESTIONS.size();
    }

    public static void forgetAll() {
        QUESTIONS.clear();
        FakeReader.ALL.clear();
    }
}
