package cn.bianmin.box.usb;

import java.util.Arrays;

/** Finds the class descriptor (CCID rev 1.1 §5.1) in a device's descriptors. */
final class CcidDescriptor {
    private static final int LENGTH = 54;
    private static final int TYPE_INTERFACE = 4;
    private static final int TYPE_CCID = 0x21;

    private CcidDescriptor() {}

    /** `raw`: as `getRawDescriptors()` gives it. Empty where the interface has none. */
    static byte[] find(byte[] raw, int interfaceNumber) {
        boolean inside = false;
        for (int at = 0; raw != null && at + 2 <= raw.length; ) {
            int length = raw[at] & 0xFF;
            if (length < 2 || at + length > raw.length) break;
            int type = raw[at + 1] & 0xFF;
            if (type == TYPE_INTERFACE && length >= 3) inside = (raw[at + 2] & 0xFF) == interfaceNumber;
            if (inside && type == TYPE_CCID && length == LENGTH) return Arrays.copyOfRange(raw, at, at + LENGTH);
            at += length;
        }
        return new byte[0];
    }
}
