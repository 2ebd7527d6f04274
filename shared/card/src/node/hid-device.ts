import type { RawHidDevice } from '../usb/hid-port.ts';

/** A device as `node-hid` lists it. */
export interface NodeHidInfo {
  readonly path?: string | undefined;
  readonly vendorId: number;
  readonly productId: number;
  readonly manufacturer?: string | undefined;
  readonly product?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly usagePage?: number | undefined;
  readonly usage?: number | undefined;
}

/** The part of the `node-hid` package that the bus needs. */
export interface NodeHid {
  devicesAsync(): Promise<readonly NodeHidInfo[]>;
  readonly HIDAsync: { open(path: string): Promise<NodeHidDevice> };
}

/**
 * An open device. Its `read` shares a queue with `write`, so that a read that waits holds every write up; reports are
 * therefore taken as events, which a thread of its own reads.
 */
export interface NodeHidDevice {
  on(type: 'data', listener: (data: Uint8Array) => void): unknown;
  on(type: 'error', listener: (error: unknown) => void): unknown;
  /** The first byte is the report's id, 0 where the device does not number them. */
  write(data: number[]): Promise<number>;
  close(): Promise<void>;
}

/** `numbered`: input reports start with their id, as hidapi gives them where the device numbers its reports. */
export function nodeHidDevice(
  hid: NodeHid,
  init: { path: string; numbered: boolean; onLost: () => void },
): RawHidDevice {
  let device: NodeHidDevice | undefined;
  return {
    open: async ({ onReport, onLost }) => {
      device = await hid.HIDAsync.open(init.path);
      device.on('data', (data) => {
        const [id = 0] = init.numbered ? data : [0];
        onReport({ id, data: Uint8Array.from(init.numbered ? data.subarray(1) : data) });
      });
      // It reads no more after an error: pulled out, or as good as that.
      device.on('error', (cause) => {
        onLost(cause);
        void device?.close().catch(() => undefined);
        init.onLost();
      });
    },
    send: async ({ id, data }) => {
      await device?.write([id, ...data]);
    },
    close: async () => {
      await device?.close();
    },
  };
}
