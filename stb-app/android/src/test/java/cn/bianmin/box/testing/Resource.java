package cn.bianmin.box.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Files of src/test/resources. */
public final class Resource {
    private Resource() {}

    public static byte[] bytes(String path) throws IOException {
        try (InputStream in = Resource.class.getResourceAsStream(path)) {
            if (in == null) throw new IOException("no " + path);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            in.transferTo(all);
            return all.toByteArray();
        }
    }

    public static String text(String path) throws IOException {
        return new String(bytes(path), StandardCharsets.UTF_8);
    }
}
