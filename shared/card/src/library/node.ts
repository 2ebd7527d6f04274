/** `@bianmin/card/node`: the readers of this machine. Each way wants its own optional package. */
export { openReaders } from '../cli/open-readers.ts';
export type { Driven, FoundSlot, OpenReaders, Via } from '../cli/readers.ts';
export { openHidBus } from '../node/hid-bus.ts';
export { openPcscPort } from '../node/pcsc-port.ts';
export { systemClock } from '../node/system-clock.ts';
export { openUsbBus } from '../node/usb-bus.ts';
