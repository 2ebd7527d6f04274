package cn.bianmin.box.usb;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.hardware.usb.UsbDevice;
import android.hardware.usb.UsbManager;
import cn.bianmin.box.bridge.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The readers that are plugged in, and the open ones. One for the app; pages come and go. */
public final class Readers {
    /** Told after a reader was plugged in or out, on the main thread. */
    public interface Listener {
        void readersChanged();
    }

    private static final int MOST_NAME = 64;

    private final UsbManager manager;
    private final PermissionAsker permission;
    /** By the page's name for them. */
    private final Map<String, ReaderPort> ports = new HashMap<>();
    private int[] vendors = new int[0];
    private int count;
    private volatile Listener listener;

    public Readers(Context context) {
        manager = (UsbManager) context.getSystemService(Context.USB_SERVICE);
        permission = new PermissionAsker(context, manager);
        IntentFilter filter = new IntentFilter(UsbManager.ACTION_USB_DEVICE_ATTACHED);
        filter.addAction(UsbManager.ACTION_USB_DEVICE_DETACHED);
        context.registerReceiver(new PlugReceiver(), filter);
    }

    public void setListener(Listener listener) {
        this.listener = listener;
    }

    /** The vendors whose devices of the vendors' class are readers. */
    synchronized void setVendors(int[] vendors) {
        this.vendors = vendors.clone();
    }

    /** Empty before a page said them. */
    public synchronized int[] vendors() {
        return vendors.clone();
    }

    /** What the readers that are plugged in call themselves, each once; no serial number. */
    public List<String> names(int[] vendors) {
        Set<String> names = new LinkedHashSet<>();
        for (UsbDevice device : list(vendors)) {
            String name = text(device.getManufacturerName()) + " " + text(device.getProductName());
            String cut = name.trim();
            if (cut.isEmpty()) cut = Integer.toHexString(device.getVendorId() << 16 | device.getProductId());
            names.add(cut.substring(0, Math.min(MOST_NAME, cut.length())));
        }
        return new ArrayList<>(names);
    }

    /** By name, in the order of names. */
    synchronized List<UsbDevice> list() {
        return list(vendors);
    }

    private List<UsbDevice> list(int[] vendors) {
        List<UsbDevice> readers = new ArrayList<>();
        for (UsbDevice device : new TreeMap<>(manager.getDeviceList()).values()) {
            if (ReaderInterface.of(device, vendors) != null) readers.add(device);
        }
        return readers;
    }

    /** Asks the person where need be, and blocks meanwhile. Gives the port's name. */
    String open(String deviceName) throws Failure {
        UsbDevice device = find(deviceName);
        permission.require(device);
        // It may have been unplugged while the person was asked.
        ReaderInterface reader = readerOf(find(deviceName));
        ReaderPort port = ReaderPort.open(device, manager.openDevice(device), reader);
        synchronized (this) {
            String name = String.valueOf(++count);
            ports.put(name, port);
            return name;
        }
    }

    synchronized ReaderPort port(String name) throws Failure {
        ReaderPort port = ports.get(name);
        if (port == null) throw new Failure(UsbCodes.GONE);
        return port;
    }

    void close(String name) {
        ReaderPort port;
        synchronized (this) {
            port = ports.remove(name);
        }
        if (port == null) return;
        port.end();
        port.close();
    }

    /** Whatever is open: for a new page, and when the app is no longer seen. Blocks a little. */
    public void closeAll() {
        List<String> names;
        synchronized (this) {
            names = new ArrayList<>(ports.keySet());
        }
        for (String name : names) close(name);
    }

    /** Tells the listener of what is plugged in, as if something had changed. */
    public void announce() {
        Listener told = listener;
        if (told != null) told.readersChanged();
    }

    void permissionAnswered(UsbDevice device) {
        permission.answered(device.getDeviceName());
    }

    void unplugged(String deviceName) {
        permission.answered(deviceName);
        final List<ReaderPort> gone = new ArrayList<>();
        synchronized (this) {
            for (String name : new ArrayList<>(ports.keySet())) {
                if (ports.get(name).device.equals(deviceName)) gone.add(ports.remove(name));
            }
        }
        for (ReaderPort port : gone) port.end();
        if (gone.isEmpty()) return;
        new Thread("usb-close") {
            @Override
            public void run() {
                for (ReaderPort port : gone) port.close();
            }
        }.start();
    }

    private static String text(String name) {
        return name == null ? "" : name.trim();
    }

    private UsbDevice find(String deviceName) throws Failure {
        UsbDevice device = manager.getDeviceList().get(deviceName);
        if (device == null) throw new Failure(UsbCodes.GONE);
        return device;
    }

    private synchronized ReaderInterface readerOf(UsbDevice device) throws Failure {
        ReaderInterface reader = ReaderInterface.of(device, vendors);
        if (reader == null) throw new Failure(UsbCodes.GONE);
        return reader;
    }

    /** Both messages are the system's alone: no other app may send them. */
    private final class PlugReceiver extends BroadcastReceiver {
        @Override
        public void onReceive(Context context, Intent intent) {
            UsbDevice device = intent.getParcelableExtra(UsbManager.EXTRA_DEVICE);
            if (device != null && UsbManager.ACTION_USB_DEVICE_DETACHED.equals(intent.getAction())) {
                unplugged(device.getDeviceName());
            }
            announce();
        }
    }
}
