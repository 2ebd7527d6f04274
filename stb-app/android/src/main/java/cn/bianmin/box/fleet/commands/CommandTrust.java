package cn.bianmin.box.fleet.commands;

import cn.bianmin.box.keys.Es256;
import cn.bianmin.box.store.DurableFile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.regex.Pattern;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * Whose commands are taken: the key that was heard first, with an enrolment's answer, and none that comes later. Who takes
 * the server's place on the network some day can refuse to sell, and tells this box nothing.
 */
final class CommandTrust {
    private static final Charset UTF_8 = Charset.forName("UTF-8");
    private static final String TYP = "command+jws";
    /** It becomes a part of an address. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{8,128}");
    private static final int MOST_KIND = 32;

    private final DurableFile file;

    CommandTrust(DurableFile file) {
        this.file = file;
    }

    /** What an enrolment's answer says. False: it names another key than before, which is not taken. */
    synchronized boolean hear(String enrolment) {
        try {
            JSONObject named = new JSONObject(enrolment).optJSONObject("commandKey");
            if (named == null) return true;
            PublicKey key = Es256.publicKey(named);
            PublicKey known = known();
            if (known != null) return known.equals(key);
            file.write(named.toString().getBytes(UTF_8));
            return true;
        } catch (JSONException | GeneralSecurityException | IOException e) {
            return false;
        }
    }

    /** A command to this terminal; throws where it is none. Whether it is still good is not asked here. */
    synchronized Command open(String jws, String terminalId) throws GeneralSecurityException, IOException {
        PublicKey key = known();
        if (key == null) throw new GeneralSecurityException("no key was heard yet");
        JSONObject said = Es256.open(jws, TYP, key);
        Object kind = said.opt("kind");
        Object id = said.opt("jti");
        boolean ours = "bianmin".equals(said.opt("iss")) && terminalId.equals(said.opt("sub"));
        boolean good = kind instanceof String && ((String) kind).length() <= MOST_KIND && id instanceof String;
        if (!ours || !good || !ID.matcher((String) id).matches()) throw new GeneralSecurityException("not for this box");
        try {
            return new Command((String) id, (String) kind, said.getLong("exp"), Command.TAKEN, null);
        } catch (JSONException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** Null before one was heard. */
    private PublicKey known() throws GeneralSecurityException, IOException {
        byte[] bytes = file.read();
        if (bytes == null) return null;
        try {
            return Es256.publicKey(new JSONObject(new String(bytes, UTF_8)));
        } catch (JSONException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
