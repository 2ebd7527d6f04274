package cn.bianmin.box.usb;

import android.hardware.usb.UsbDevice;
import android.util.Base64;
import cn.bianmin.box.bridge.Answer;
import cn.bianmin.box.bridge.Call;
import cn.bianmin.box.bridge.Failure;
import cn.bianmin.box.bridge.Operations;
import cn.bianmin.box.bridge.Page;
import cn.bianmin.box.bridge.Request;
import java.util.List;
import java.util.concurrent.Executor;
import org.json.JSONArray;
import org.json.JSONObject;

/** `BianminUsb`: docs/protocol/android-bridge.md. */
public final class UsbOperations implements Operations, Readers.Listener {
    public static final String PAGE_OBJECT = "BianminUsbPage";
    private static final int VERSION = 1;
    private static final int MOST_BYTES = 1 << 17;
    private static final int MOST_MS = 600_000;

    private final Readers readers;
    private final Page page;
    private final Executor threads;

    public UsbOperations(Readers readers, Page page, Executor threads) {
        this.readers = readers;
        this.page = page;
        this.threads = threads;
    }

    @Override
    public String badRequestCode() {
        return UsbCodes.IO;
    }

    @Override
    public String unexpectedCode() {
        return UsbCodes.IO;
    }

    @Override
    public Executor executorOf(Request request) {
        return threads;
    }

    @Override
    public void readersChanged() {
        page.call(PAGE_OBJECT, "changed", devices().toString());
    }

    @Override
    public JSONObject carryOut(Request request, Call call) throws Failure {
        switch (request.op) {
            case "hello":
                request.number("version", VERSION, VERSION);
                readers.setVendors(request.numbers("vendors"));
                readers.closeAll();
                return Answer.put(Answer.ok(), "devices", devices());
            case "list":
                return Answer.put(Answer.ok(), "devices", devices());
            case "open":
                return opened(readers.open(request.text("device")));
            case "close":
                readers.close(request.text("port"));
                return Answer.ok();
            default:
                return carryOutAt(request, call);
        }
    }

    private JSONObject carryOutAt(Request request, Call call) throws Failure {
        ReaderPort port = readers.port(request.text("port"));
        port.enter(call);
        try {
            return transfer(request, port);
        } finally {
            port.leave(call);
        }
    }

    private static JSONObject transfer(Request request, ReaderPort port) throws Failure {
        switch (request.op) {
            case "bulkOut":
                port.bulkOut(request.bytes("data"), timeoutMs(request));
                return Answer.ok();
            case "bulkIn":
                return data(port.bulkIn(maxLength(request), timeoutMs(request)));
            case "interruptIn":
                return data(port.interruptIn(maxLength(request), timeoutMs(request)));
            case "controlAbort":
                port.controlAbort(request.number("slot", 0, 255), request.number("seq", 0, 255), timeoutMs(request));
                return Answer.ok();
            case "clearHalt":
                Endpoint endpoint = port.endpoint(request.text("endpoint"));
                if (endpoint == null) throw request.bad();
                endpoint.clearHalt();
                return Answer.ok();
            default:
                throw request.bad();
        }
    }

    private JSONObject opened(String name) throws Failure {
        ReaderPort port = readers.port(name);
        JSONObject answer = Answer.put(Answer.ok(), "port", name);
        Answer.put(answer, "ccidDescriptor", Base64.encodeToString(port.ccidDescriptor, Base64.NO_WRAP));
        return Answer.put(answer, "packetSize", port.packetSize());
    }

    private JSONArray devices() {
        List<UsbDevice> devices = readers.list();
        JSONArray list = new JSONArray();
        for (UsbDevice device : devices) list.put(describe(device));
        return list;
    }

    private static JSONObject describe(UsbDevice device) {
        JSONObject info = Answer.put(new JSONObject(), "id", device.getDeviceName());
        Answer.put(info, "vendorId", device.getVendorId());
        Answer.put(info, "productId", device.getProductId());
        // A null leaves the field out.
        Answer.put(info, "manufacturer", device.getManufacturerName());
        Answer.put(info, "product", device.getProductName());
        return Answer.put(info, "serialNumber", serialOf(device));
    }

    /** From Android 10 on it is for those only who may use the device. */
    private static String serialOf(UsbDevice device) {
        try {
            return device.getSerialNumber();
        } catch (SecurityException e) {
            return null;
        }
    }

    private static JSONObject data(byte[] bytes) {
        return Answer.put(Answer.ok(), "data", Base64.encodeToString(bytes, Base64.NO_WRAP));
    }

    private static int timeoutMs(Request request) throws Failure {
        return request.number("timeoutMs", 0, MOST_MS);
    }

    private static int maxLength(Request request) throws Failure {
        return request.number("maxLength", 1, MOST_BYTES);
    }
}
