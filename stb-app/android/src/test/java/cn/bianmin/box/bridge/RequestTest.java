package cn.bianmin.box.bridge;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

@RunWith(RobolectricTestRunner.class)
public class RequestTest {
    private static Request of(String fields) throws Failure {
        return Request.parse("{\"op\":\"x\"," + fields.replace('\'', '"') + "}", "bad");
    }

    @Test
    public void fieldsAreReadAsTheyAre() throws Exception {
        Request request = of("'t':'a','n':65536,'d':2.0,'b':'AQID','l':[1,2]");
        assertEquals("a", request.text("t"));
        assertEquals(65536, request.number("n", 0, 1 << 17));
        assertEquals(2, request.number("d", 0, 2));
        assertArrayEquals(new byte[] {1, 2, 3}, request.bytes("b"));
        assertArrayEquals(new int[] {1, 2}, request.numbers("l"));
    }

    @Test
    public void aFieldOfAnotherKindIsRefused() throws Exception {
        Request request = of("'t':1,'n':'1','h':1.5,'m':-1,'l':['1'],'z':null");
        assertThrows(Failure.class, () -> request.text("t"));
        assertThrows(Failure.class, () -> request.text("z"));
        assertThrows(Failure.class, () -> request.text("absent"));
        assertThrows(Failure.class, () -> request.number("n", 0, 9));
        assertThrows(Failure.class, () -> request.number("h", 0, 9));
        assertThrows(Failure.class, () -> request.number("m", 0, 9));
        assertThrows(Failure.class, () -> request.numbers("l"));
    }

    @Test
    public void base64IsRefusedWhereItIsNone() throws Exception {
        for (String text : new String[] {"A", "AAA", "AA=A", "A===", "====", "AA-_", "AAA\\n", "AAAA\\n"}) {
            Request request = of("'b':'" + text + "'");
            assertThrows(text, Failure.class, () -> request.bytes("b"));
        }
    }
}
