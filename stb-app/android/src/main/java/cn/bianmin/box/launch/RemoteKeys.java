package cn.bianmin.box.launch;

import android.util.SparseIntArray;
import android.view.KeyEvent;

/** The remote's keys, whose codes vary by vendor, as those that a WebView passes on; docs/protocol/box-shell.md. */
public final class RemoteKeys {
    /** Not a key of the page: the back event. */
    public static final int BACK = -1;

    /** Codes of vendors that lie beyond Android's: IPTV 2.0 boxes, Guangxi cable, synthetic ones. */
    private static final int[] VENDOR_BACK = {640, 399, 65535};
    private static final SparseIntArray BY_CODE = new SparseIntArray();
    /** Where the box's key layout does not know a key: Linux's codes, input-event-codes.h. */
    private static final SparseIntArray BY_SCAN_CODE = new SparseIntArray();

    static {
        BY_CODE.put(KeyEvent.KEYCODE_BACK, BACK);
        BY_CODE.put(KeyEvent.KEYCODE_ESCAPE, BACK);
        BY_CODE.put(KeyEvent.KEYCODE_DEL, BACK);
        for (int code : VENDOR_BACK) BY_CODE.put(code, BACK);
        for (int digit = 0; digit <= 9; digit++) {
            BY_CODE.put(KeyEvent.KEYCODE_NUMPAD_0 + digit, KeyEvent.KEYCODE_0 + digit);
        }
        BY_CODE.put(KeyEvent.KEYCODE_NUMPAD_ENTER, KeyEvent.KEYCODE_ENTER);
        BY_CODE.put(KeyEvent.KEYCODE_DPAD_CENTER, KeyEvent.KEYCODE_ENTER);
        BY_CODE.put(KeyEvent.KEYCODE_BUTTON_A, KeyEvent.KEYCODE_ENTER);
        BY_CODE.put(KeyEvent.KEYCODE_BUTTON_SELECT, KeyEvent.KEYCODE_ENTER);
        BY_CODE.put(KeyEvent.KEYCODE_BUTTON_B, BACK);

        BY_SCAN_CODE.put(0x160, KeyEvent.KEYCODE_ENTER);
        BY_SCAN_CODE.put(0x161, KeyEvent.KEYCODE_ENTER);
        BY_SCAN_CODE.put(158, BACK);
        BY_SCAN_CODE.put(174, BACK);
        // KEY_NUMERIC_0 to 9.
        for (int digit = 0; digit <= 9; digit++) BY_SCAN_CODE.put(0x200 + digit, KeyEvent.KEYCODE_0 + digit);
    }

    private RemoteKeys() {}

    /** `BACK`, or the Android code that the page is to see; the same where there is nothing to change. */
    public static int map(KeyEvent event) {
        int code = event.getKeyCode();
        if (code == KeyEvent.KEYCODE_UNKNOWN) return BY_SCAN_CODE.get(event.getScanCode(), code);
        return BY_CODE.get(code, code);
    }

    /** The same press under another code. */
    public static KeyEvent withCode(KeyEvent event, int code) {
        return new KeyEvent(
                event.getDownTime(),
                event.getEventTime(),
                event.getAction(),
                code,
                event.getRepeatCount(),
                0,
                event.getDeviceId(),
                event.getScanCode(),
                event.getFlags(),
                event.getSource());
    }
}
