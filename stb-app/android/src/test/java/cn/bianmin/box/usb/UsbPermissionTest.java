package cn.bianmin.box.usb;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.robolectric.Shadows.shadowOf;

import android.content.Intent;
import android.hardware.usb.UsbManager;
import android.os.Looper;
import cn.bianmin.box.testing.Asking;
import org.junit.Test;

/** The person at the television is asked whether the box may use a reader. */
public class UsbPermissionTest extends UsbBridgeRig {
    @Test
    public void asksThePersonEachTimeItIsPluggedIn() throws Exception {
        for (int i = 0; i < 2; i++) {
            unplug(reader);
            reader = plug(NAME, 0x1234, READERS, false);
            String opening = asking.begin("{'op':'open','device':'" + NAME + "'}");
            manager.answer(context, true);
            shadowOf(Looper.getMainLooper()).idle();
            assertEquals("ok", Asking.outcomeOf(page.answer(opening)));
            manager.revokePermission(reader.device, context.getPackageName());
        }
    }

    @Test
    public void aRefusalIsOneAndCanBeTakenBack() throws Exception {
        unplug(reader);
        reader = plug(NAME, 0x1234, READERS, false);
        String opening = asking.begin("{'op':'open','device':'" + NAME + "'}");
        manager.answer(context, false);
        shadowOf(Looper.getMainLooper()).idle();
        assertEquals("usb.permission", Asking.outcomeOf(page.answer(opening)));
        assertEquals(0, reader.open);
        opening = asking.begin("{'op':'open','device':'" + NAME + "'}");
        manager.answer(context, true);
        shadowOf(Looper.getMainLooper()).idle();
        assertEquals("ok", Asking.outcomeOf(page.answer(opening)));
    }

    @Test
    public void anAnswerThatClaimsPermissionGivesNone() throws Exception {
        unplug(reader);
        reader = plug(NAME, 0x1234, READERS, false);
        String opening = asking.begin("{'op':'open','device':'" + NAME + "'}");
        while (FakeUsbManager.questions() == 0) Thread.yield();
        Intent forged =
                new Intent(context, PermissionReceiver.class)
                        .putExtra(UsbManager.EXTRA_DEVICE, reader.device)
                        .putExtra(UsbManager.EXTRA_PERMISSION_GRANTED, true);
        context.sendBroadcast(forged);
        shadowOf(Looper.getMainLooper()).idle();
        assertEquals("usb.permission", Asking.outcomeOf(page.answer(opening)));
    }

    @Test
    public void unpluggedWhileThePersonIsAsked() throws Exception {
        unplug(reader);
        reader = plug(NAME, 0x1234, READERS, false);
        String opening = asking.begin("{'op':'open','device':'" + NAME + "'}");
        while (FakeUsbManager.questions() == 0) Thread.yield();
        unplug(reader);
        assertFalse(page.answer(opening).getBoolean("ok"));
        assertEquals(0, reader.open);
    }
}
