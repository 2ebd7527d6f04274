import { parseJson } from '@bianmin/card/json-text';
import { deviceTexts } from '@bianmin/card/usb/device-text';
import type { UsbErrorCode } from '@bianmin/card/usb/error';
import type { UsbDeviceInfo, UsbEndpoint } from '@bianmin/card/usb/ports';
import { fromBase64 } from './base64.ts';

/** The one version of the contract, docs/protocol/android-bridge.md. */
export const BRIDGE_VERSION = 1;

/**
 * What the box's shell gives its page by `addJavascriptInterface`. Strings only: nothing else crosses that border
 * the same way on every WebView.
 */
export interface AndroidUsbBridge {
  /**
   * Takes a request, JSON of `BridgeRequest`, and returns at once. The answer comes later, by `AndroidUsbPage.answer`
   * with the same id. Ids are decimal numbers and are not used twice by one page.
   */
  call(id: string, request: string): void;
}

/** What the page offers the shell, called by `evaluateJavascript`. */
export interface AndroidUsbPage {
  /** JSON of `BridgeAnswer`. */
  answer(id: string, answer: string): void;
  /** Readers were plugged in or out: JSON of the new list of `UsbDeviceInfo`. */
  changed(devices: string): void;
}

export type BridgeRequest =
  /** First of a page: the shell closes what an earlier page left open. `vendors`: of vendor-class readers. */
  | { readonly op: 'hello'; readonly version: number; readonly vendors: readonly number[] }
  | { readonly op: 'list' }
  /** Asks the person where Android wants that. */
  | { readonly op: 'open'; readonly device: string }
  | { readonly op: 'bulkOut'; readonly port: string; readonly data: string; readonly timeoutMs: number }
  | {
      readonly op: 'bulkIn' | 'interruptIn';
      readonly port: string;
      readonly maxLength: number;
      readonly timeoutMs: number;
    }
  | {
      readonly op: 'controlAbort';
      readonly port: string;
      readonly slot: number;
      readonly seq: number;
      readonly timeoutMs: number;
    }
  | { readonly op: 'clearHalt'; readonly port: string; readonly endpoint: UsbEndpoint }
  | { readonly op: 'close'; readonly port: string };

/** What an answer may carry; which of it, by the request. */
export interface BridgeSuccess {
  readonly ok: true;
  readonly devices?: readonly UsbDeviceInfo[];
  readonly port?: string;
  /** The class descriptor; empty for a reader that has none. */
  readonly ccidDescriptor?: Uint8Array;
  readonly packetSize?: number;
  readonly data?: Uint8Array;
}

/** Android gives a device to whoever claims it with force: none is another's. */
export type BridgeFailureCode = Exclude<Extract<UsbErrorCode, `usb.${string}`>, 'usb.in-use'>;

export type BridgeAnswer = BridgeSuccess | { readonly ok: false; readonly code: BridgeFailureCode };

const FAILURES: readonly string[] = [
  'usb.timeout',
  'usb.stall',
  'usb.gone',
  'usb.busy',
  'usb.permission',
  'usb.io',
] satisfies BridgeFailureCode[];
const BROKEN = { ok: false, code: 'usb.io' } as const;

/** An answer's text; one that is not as agreed counts as `usb.io`. */
export function parseAnswer(text: string): BridgeAnswer {
  const fields = objectOf(parsed(text));
  if (fields === undefined) return BROKEN;
  const { ok, code, devices, port, ccidDescriptor, packetSize, data } = fields;
  if (ok === false) return { ok: false, code: isFailure(code) ? code : 'usb.io' };
  const list = devices === undefined ? undefined : devicesOf(devices);
  const descriptorBytes = bytesOf(ccidDescriptor);
  const dataBytes = bytesOf(data);
  const whole =
    ok === true &&
    (devices === undefined || list !== undefined) &&
    (port === undefined || typeof port === 'string') &&
    (packetSize === undefined || typeof packetSize === 'number') &&
    (ccidDescriptor === undefined || descriptorBytes !== undefined) &&
    (data === undefined || dataBytes !== undefined);
  if (!whole) return BROKEN;
  return {
    ok: true,
    ...(list === undefined ? {} : { devices: list }),
    ...(typeof port === 'string' ? { port } : {}),
    ...(typeof packetSize === 'number' ? { packetSize } : {}),
    ...(descriptorBytes === undefined ? {} : { ccidDescriptor: descriptorBytes }),
    ...(dataBytes === undefined ? {} : { data: dataBytes }),
  };
}

/** A list of devices; undefined for text that is none. */
export function parseDevices(text: string): UsbDeviceInfo[] | undefined {
  return devicesOf(parsed(text));
}

function devicesOf(value: unknown): UsbDeviceInfo[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const devices = value.map(deviceOf);
  return devices.some((device) => device === undefined)
    ? undefined
    : devices.filter((device) => device !== undefined);
}

function deviceOf(value: unknown): UsbDeviceInfo | undefined {
  const { id, vendorId, productId, manufacturer, product, serialNumber } = objectOf(value) ?? {};
  if (typeof id !== 'string' || typeof vendorId !== 'number' || typeof productId !== 'number')
    return undefined;
  return {
    id,
    vendorId,
    productId,
    ...deviceTexts({
      manufacturer: textOf(manufacturer),
      product: textOf(product),
      serialNumber: textOf(serialNumber),
    }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function bytesOf(value: unknown): Uint8Array | undefined {
  return typeof value === 'string' ? fromBase64(value) : undefined;
}

function isFailure(value: unknown): value is BridgeFailureCode {
  return typeof value === 'string' && FAILURES.indexOf(value) >= 0;
}

function objectOf(value: unknown): Partial<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
