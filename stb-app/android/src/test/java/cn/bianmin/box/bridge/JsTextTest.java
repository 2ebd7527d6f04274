package cn.bianmin.box.bridge;

import static org.junit.Assert.assertEquals;

import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class JsTextTest {
    @Test
    public void whatEndsAStringOrALineIsEscaped() {
        assertEquals("\"a\\\"b\\\\c\\nd\"", JsText.quote("a\"b\\c\nd"));
        String separators = new String(new char[] {'x', 0x2028, 'y', 0x2029});
        assertEquals("\"x\\u2028y\\u2029\"", JsText.quote(separators));
    }

    @Test
    public void aCallIsGuardedAndQuoted() {
        String script = WebViewPage.script("BianminUsbPage", "answer", "4", "{\"ok\":true}");
        assertEquals(
                "window.BianminUsbPage&&window.BianminUsbPage.answer(\"4\",\"{\\\"ok\\\":true}\")", script);
    }
}
