package cn.bianmin.box.launch;

import static org.junit.Assert.assertEquals;

import android.view.KeyEvent;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class RemoteKeysTest {
    private static int map(int code) {
        return RemoteKeys.map(new KeyEvent(KeyEvent.ACTION_DOWN, code));
    }

    private static int mapScan(int scanCode) {
        return RemoteKeys.map(new KeyEvent(0, 0, KeyEvent.ACTION_DOWN, KeyEvent.KEYCODE_UNKNOWN, 0, 0, 1, scanCode));
    }

    @Test
    public void backHasManyCodes() {
        int[] codes = {
            KeyEvent.KEYCODE_BACK, KeyEvent.KEYCODE_ESCAPE, KeyEvent.KEYCODE_DEL, KeyEvent.KEYCODE_BUTTON_B, 640, 399, 65535
        };
        for (int code : codes) assertEquals(RemoteKeys.BACK, map(code));
        assertEquals(RemoteKeys.BACK, mapScan(158));
        assertEquals(RemoteKeys.BACK, mapScan(174));
    }

    @Test
    public void whatPortalsSeeAsBackAreOtherKeysHere() {
        assertEquals(KeyEvent.KEYCODE_1, map(8));
        assertEquals(KeyEvent.KEYCODE_VOLUME_UP, map(24));
        assertEquals(KeyEvent.KEYCODE_CAMERA, map(27));
    }

    @Test
    public void arrowsAndDigitsPass() {
        for (int code = KeyEvent.KEYCODE_DPAD_UP; code <= KeyEvent.KEYCODE_DPAD_RIGHT; code++) {
            assertEquals(code, map(code));
        }
        for (int code = KeyEvent.KEYCODE_0; code <= KeyEvent.KEYCODE_9; code++) assertEquals(code, map(code));
    }

    @Test
    public void okAndTheNumberPadAreWhatAPageKnows() {
        assertEquals(KeyEvent.KEYCODE_ENTER, map(KeyEvent.KEYCODE_ENTER));
        assertEquals(KeyEvent.KEYCODE_ENTER, map(KeyEvent.KEYCODE_DPAD_CENTER));
        assertEquals(KeyEvent.KEYCODE_ENTER, map(KeyEvent.KEYCODE_NUMPAD_ENTER));
        assertEquals(KeyEvent.KEYCODE_7, map(KeyEvent.KEYCODE_NUMPAD_7));
        assertEquals(KeyEvent.KEYCODE_ENTER, mapScan(0x160));
        assertEquals(KeyEvent.KEYCODE_9, mapScan(0x209));
        assertEquals(KeyEvent.KEYCODE_UNKNOWN, mapScan(1));
    }

    @Test
    public void aPressStaysTheSameUnderAnotherCode() {
        KeyEvent press = new KeyEvent(10, 20, KeyEvent.ACTION_DOWN, KeyEvent.KEYCODE_NUMPAD_7, 3);
        KeyEvent mapped = RemoteKeys.withCode(press, KeyEvent.KEYCODE_7);
        assertEquals(KeyEvent.KEYCODE_7, mapped.getKeyCode());
        assertEquals(20, mapped.getEventTime());
        assertEquals(3, mapped.getRepeatCount());
    }
}
