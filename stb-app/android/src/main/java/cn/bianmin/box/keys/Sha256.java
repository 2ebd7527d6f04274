package cn.bianmin.box.keys;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 in hex, small letters. */
public final class Sha256 {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Sha256() {}

    public static String of(File file) throws IOException {
        MessageDigest digest = digest();
        try (FileInputStream in = new FileInputStream(file)) {
            byte[] chunk = new byte[16384];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) digest.update(chunk, 0, length);
        }
        return hex(digest.digest());
    }

    public static String of(byte[] bytes) {
        return hex(digest().digest(bytes));
    }

    /** Not in hex. */
    public static byte[] bytesOf(byte[] bytes) {
        return digest().digest(bytes);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte each : bytes) text.append(HEX[(each >> 4) & 0xF]).append(HEX[each & 0xF]);
        return text.toString();
    }
}
