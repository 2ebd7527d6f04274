package cn.bianmin.box.usb;

import android.hardware.usb.UsbConstants;
import android.hardware.usb.UsbDevice;
import android.hardware.usb.UsbEndpoint;
import android.hardware.usb.UsbInterface;

/** The interface of a device that makes it a reader, with its endpoints. */
final class ReaderInterface {
    /** Vendors' readers from before the class for readers. */
    private static final int VENDOR_CLASS = 0xFF;

    final UsbInterface usbInterface;
    /** Null where the interface has none. */
    final UsbEndpoint bulkOut;
    final UsbEndpoint bulkIn;
    final UsbEndpoint interruptIn;

    private ReaderInterface(UsbInterface usbInterface) {
        this.usbInterface = usbInterface;
        bulkOut = find(usbInterface, UsbConstants.USB_ENDPOINT_XFER_BULK, UsbConstants.USB_DIR_OUT);
        bulkIn = find(usbInterface, UsbConstants.USB_ENDPOINT_XFER_BULK, UsbConstants.USB_DIR_IN);
        interruptIn = find(usbInterface, UsbConstants.USB_ENDPOINT_XFER_INT, UsbConstants.USB_DIR_IN);
    }

    /** Null for a device that is no reader. Modems and adapters are of the vendors' class, too: `vendors` are ours. */
    static ReaderInterface of(UsbDevice device, int[] vendors) {
        ReaderInterface ofVendor = null;
        for (int i = 0; i < device.getInterfaceCount(); i++) {
            ReaderInterface each = new ReaderInterface(device.getInterface(i));
            int usbClass = each.usbInterface.getInterfaceClass();
            if (usbClass == UsbConstants.USB_CLASS_CSCID) return each;
            if (ofVendor == null && usbClass == VENDOR_CLASS && each.hasBothWays()) ofVendor = each;
        }
        return ofVendor != null && contains(vendors, device.getVendorId()) ? ofVendor : null;
    }

    boolean hasBothWays() {
        return bulkOut != null && bulkIn != null;
    }

    private static UsbEndpoint find(UsbInterface in, int type, int direction) {
        for (int i = 0; i < in.getEndpointCount(); i++) {
            UsbEndpoint endpoint = in.getEndpoint(i);
            if (endpoint.getType() == type && endpoint.getDirection() == direction) return endpoint;
        }
        return null;
    }

    private static boolean contains(int[] numbers, int wanted) {
        for (int number : numbers) if (number == wanted) return true;
        return false;
    }
}
