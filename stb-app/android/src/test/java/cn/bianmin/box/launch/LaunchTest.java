package cn.bianmin.box.launch;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import android.content.Intent;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** Any app on the box may write these intents. */
@RunWith(RobolectricTestRunner.class)
public class LaunchTest {
    private static final String TOKEN = "AbCdEfGhIjKlMnOpQrSt_-12";
    private static final String BACK = "http://epg.example:8080/index.jsp?user=1";

    private static Intent intent() {
        return new Intent(Intent.ACTION_MAIN);
    }

    private static Launch json(String text) {
        return Launch.of(intent().putExtra("bianmin", text));
    }

    private static void nothing(Launch launch) {
        assertFalse(launch.reader);
        assertNull(launch.token);
        assertNull(launch.backUrl);
    }

    @Test
    public void plainExtrasAreRead() {
        Launch launch = Launch.of(intent().putExtra("token", TOKEN).putExtra("backUrl", BACK));
        assertEquals(TOKEN, launch.token);
        assertEquals(BACK, launch.backUrl);
    }

    @Test
    public void soIsOneExtraOfJson() {
        Launch launch = json("{\"token\":\"" + TOKEN + "\",\"backUrl\":\"" + BACK + "\"}");
        assertEquals(TOKEN, launch.token);
        assertEquals(BACK, launch.backUrl);
        // A middleware that passes the JSON and drops what is empty.
        Launch both = Launch.of(intent().putExtra("token", "").putExtra("bianmin", "{\"token\":\"" + TOKEN + "\"}"));
        assertEquals(TOKEN, both.token);
    }

    @Test
    public void aPortalThatStaysInFrontSaysSo() {
        assertTrue(Launch.of(intent().putExtra("token", TOKEN).putExtra("mode", "reader")).reader);
        assertTrue(json("{\"token\":\"" + TOKEN + "\",\"mode\":\"reader\"}").reader);
        for (String mode : new String[] {"", "READER", "reader ", "screens", "reader\0"}) {
            assertFalse(Launch.of(intent().putExtra("token", TOKEN).putExtra("mode", mode)).reader);
        }
        // Without a visit there is no page in front.
        assertFalse(Launch.of(intent().putExtra("mode", "reader").putExtra("backUrl", BACK)).reader);
    }

    @Test
    public void emptyOrForeignExtrasAreNothing() {
        nothing(Launch.of(null));
        nothing(Launch.of(intent()));
        nothing(Launch.of(intent().putExtra("token", "").putExtra("backUrl", "")));
        nothing(Launch.of(intent().putExtra("token", 5).putExtra("backUrl", new String[] {BACK})));
        nothing(Launch.of(intent().putExtra("userid", "1").putExtra("customerNumber", "0123456789")));
    }

    @Test
    public void forgedOnesAreNothing() {
        for (String token : new String[] {"short", TOKEN + "\"", TOKEN + "\n", "é" + TOKEN, TOKEN + TOKEN + TOKEN}) {
            nothing(Launch.of(intent().putExtra("token", token)));
            nothing(json("{\"token\":\"" + token + "\"}"));
        }
        String[] urls = {
            "javascript:alert(1)",
            "file:///data/data/cn.bianmin.box/files/seal.key",
            "intent://x#Intent;end",
            "content://x",
            "HTTP:",
            "http://",
            "https:///path",
            "https://user:pass@box.example/",
            "https://box.example/ x",
            "//box.example",
            "https://box.example/" + new String(new char[2048]).replace('\0', 'a'),
        };
        for (String url : urls) nothing(Launch.of(intent().putExtra("backUrl", url)));
    }

    @Test
    public void brokenJsonIsNothing() {
        String deep = new String(new char[4000]).replace('\0', '[');
        for (String text : new String[] {"", "{", "[]", "null", "{\"token\":{}}", "{\"token\":[\"" + TOKEN + "\"]}", deep}) {
            nothing(json(text));
        }
    }

    @Test
    public void theListOfRecentAppsBringsNoTokenBack() {
        nothing(Launch.of(intent().putExtra("token", TOKEN).addFlags(Intent.FLAG_ACTIVITY_LAUNCHED_FROM_HISTORY)));
    }

    @Test
    public void aTokenIsGivenOnce() {
        LaunchSlot slot = new LaunchSlot();
        assertFalse(slot.offer(intent()));
        assertTrue(slot.offer(intent().putExtra("token", TOKEN)));
        // Another app starts us without anything: the token still waits.
        assertFalse(slot.offer(intent()));
        assertEquals(TOKEN, slot.take().token);
        nothing(slot.take());
    }
}
