package cn.bianmin.box.keys;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import android.util.Base64;
import cn.bianmin.box.testing.Resource;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import org.json.JSONObject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** Opens what the server's library sealed; see "about" in jwe-vector.json. */
@RunWith(RobolectricTestRunner.class)
public class JweTest {
    private JSONObject vector;
    private PrivateKey key;

    @Before
    public void read() throws Exception {
        vector = new JSONObject(Resource.text("/jwe-vector.json"));
        byte[] pkcs8 = Base64.decode(vector.getString("privateKeyPkcs8"), Base64.DEFAULT);
        key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private String open(String name) throws Exception {
        return Jwe.open(vector.getString(name), key);
    }

    private void refused(String jwe) {
        assertThrows(jwe, GeneralSecurityException.class, () -> Jwe.open(jwe, key));
    }

    @Test
    public void opensWhatTheServerSeals() throws Exception {
        assertEquals(vector.getString("text"), open("plain"));
        assertEquals(vector.getString("text"), open("withParties"));
        assertEquals("", open("empty"));
    }

    @Test
    public void opensNothingElse() throws Exception {
        for (String name : new String[] {"a128gcm", "keyWrapped", "toAnother", "notUtf8"}) {
            refused(vector.getString(name));
        }
    }

    @Test
    public void noticesEveryChange() throws Exception {
        String jwe = vector.getString("plain");
        for (int at = 0; at < jwe.length(); at += 7) {
            char c = jwe.charAt(at);
            if (c == '.') continue;
            // The last character of a part can have bits that say nothing.
            if (at + 1 == jwe.length() || jwe.charAt(at + 1) == '.') continue;
            refused(jwe.substring(0, at) + (c == 'A' ? 'B' : 'A') + jwe.substring(at + 1));
        }
        refused(jwe + ".");
        refused(jwe.replace(".", ""));
        refused("");
        refused("....");
    }

    @Test
    public void refusesAPointThatIsNotOnTheCurve() throws Exception {
        assertThrows(
                GeneralSecurityException.class, () -> P256.publicKey(BigInteger.ONE, BigInteger.ONE));
        String[] parts = vector.getString("plain").split("\\.", -1);
        JSONObject header = new JSONObject(new String(Base64Url.decode(parts[0]), "UTF-8"));
        header.getJSONObject("epk").put("y", header.getJSONObject("epk").getString("x"));
        parts[0] = Base64Url.encode(header.toString().getBytes("UTF-8"));
        refused(String.join(".", parts));
    }
}
