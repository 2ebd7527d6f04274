package cn.bianmin.box.usb;

/** The failures of docs/protocol/android-bridge.md. */
public final class UsbCodes {
    public static final String TIMEOUT = "usb.timeout";
    public static final String STALL = "usb.stall";
    public static final String GONE = "usb.gone";
    public static final String BUSY = "usb.busy";
    public static final String PERMISSION = "usb.permission";
    public static final String IO = "usb.io";

    private UsbCodes() {}
}
