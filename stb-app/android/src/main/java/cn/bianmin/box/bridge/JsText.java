package cn.bianmin.box.bridge;

import org.json.JSONObject;

/** Text as a JavaScript string that old engines read as it was. */
public final class JsText {
    private static final String LINE_SEPARATOR = String.valueOf((char) 0x2028);
    private static final String PARAGRAPH_SEPARATOR = String.valueOf((char) 0x2029);
    private static final String BACKSLASH = String.valueOf((char) 0x5C);

    private JsText() {}

    /** In double quotes. The separators end a line of JavaScript before 2019, and can be in a product's name. */
    public static String quote(String text) {
        return JSONObject.quote(text)
                .replace(LINE_SEPARATOR, BACKSLASH + "u2028")
                .replace(PARAGRAPH_SEPARATOR, BACKSLASH + "u2029");
    }
}
