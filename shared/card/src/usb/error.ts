import { CodedError } from '../errors.ts';

export type UsbErrorCode =
  | 'usb.timeout'
  | 'usb.stall'
  | 'usb.gone'
  | 'usb.busy'
  | 'usb.permission'
  | 'usb.in-use'
  | 'usb.io'
  | 'pcsc.no-service'
  | 'pcsc.no-card'
  | 'pcsc.mute'
  | 'pcsc.removed'
  | 'pcsc.busy'
  | 'pcsc.timeout'
  | 'pcsc.gone'
  | 'pcsc.io';

/** A port's failure. After `usb.gone` or `pcsc.removed` the object that threw is dead. */
export class UsbError extends CodedError<UsbErrorCode> {}
