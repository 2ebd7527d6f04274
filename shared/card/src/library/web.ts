/** `@bianmin/card/web`: readers over WebUSB and WebHID, as a page may reach them. */
export { webHidBus, type WebHid, type WebHidBus, type WebHidFilter } from '../web/web-hid-bus.ts';
export { webUsbBus, type WebUsb, type WebUsbBus, type WebUsbFilter } from '../web/web-usb-bus.ts';
