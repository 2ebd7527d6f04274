import type { NodeHid, NodeHidDevice } from '../node/hid-device.ts';
import { UsbError } from '../usb/error.ts';
import type { SimulatedHidDevice } from './sim-hid-device.ts';

/** Simulated HID devices as the `node-hid` package shows them. */
export class FakeNodeHid implements NodeHid {
  readonly devices = new Set<SimulatedHidDevice>();
  /** Opening is refused so many more times, as before the system has set the rights. */
  forbidden = 0;
  /** Whether input reports start with an id. */
  readonly #numbered: boolean;

  constructor(init: { numbered: boolean }) {
    this.#numbered = init.numbered;
  }

  devicesAsync(): ReturnType<NodeHid['devicesAsync']> {
    const here = [...this.devices].filter(({ plugged }) => plugged);
    return Promise.resolve(here.map(({ info: { id, ...info } }) => ({ ...info, path: id })));
  }

  readonly HIDAsync = {
    open: async (path: string): Promise<NodeHidDevice> => {
      if (this.forbidden > 0) {
        this.forbidden--;
        throw new Error('could not open HID device');
      }
      const device = [...this.devices].find(({ info, plugged }) => info.id === path && plugged);
      if (device === undefined) throw new Error('no such device');
      return this.#opened(device);
    },
  };

  #opened(device: SimulatedHidDevice): NodeHidDevice {
    let offReports: (() => void) | undefined;
    let offPlug: (() => void) | undefined;
    let gone = false;
    return {
      on: (type: string, listener: (value: never) => void) => {
        if (type === 'data') {
          offReports = device.onSent(({ id, data }) => {
            const bytes = Uint8Array.from(this.#numbered ? [id, ...data] : data);
            (listener as (value: Uint8Array) => void)(bytes);
          });
          return;
        }
        const onPlug = (): void => {
          if (gone || device.plugged) return;
          gone = true;
          (listener as (value: unknown) => void)(new Error('could not read from HID device'));
        };
        device.onPlug.add(onPlug);
        offPlug = () => device.onPlug.delete(onPlug);
      },
      write: async ([id = 0, ...data]) => {
        if (device.stuck) await new Promise(() => undefined);
        try {
          device.receive({ id, data: Uint8Array.from(data) });
        } catch (error) {
          if (!(error instanceof UsbError)) throw error;
          throw new Error('Cannot write to hid device');
        }
        return data.length + 1;
      },
      close: () => {
        offReports?.();
        offPlug?.();
        return Promise.resolve();
      },
    };
  }
}
