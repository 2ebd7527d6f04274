import { Listeners } from '../reader/listeners.ts';

/** How a browser tells of devices: `navigator.usb` and `navigator.hid` alike. */
export interface DeviceSource<Device> {
  /** Those that the person has let this page use. */
  getDevices(): Promise<readonly Device[]>;
  addEventListener(
    type: 'connect' | 'disconnect',
    listener: (event: { readonly device: Device }) => void,
  ): void;
  removeEventListener(
    type: 'connect' | 'disconnect',
    listener: (event: { readonly device: Device }) => void,
  ): void;
}

/** A browser's devices under ids that hold as long as they are plugged in: it gives the same object each time. */
export class KnownDevices<Device extends object, Info> {
  readonly #source: DeviceSource<Device>;
  /** Whether a device is a reader, and what is told of it. */
  readonly #describe: (device: Device, id: string) => Info | undefined;
  readonly #ids = new Map<Device, string>();
  readonly #listeners = new Listeners<Info[]>();
  readonly #left = new Listeners<string>();
  #count = 0;

  constructor(source: DeviceSource<Device>, describe: (device: Device, id: string) => Info | undefined) {
    this.#source = source;
    this.#describe = describe;
    source.addEventListener('connect', this.#onConnect);
    source.addEventListener('disconnect', this.#onDisconnect);
  }

  async list(): Promise<Info[]> {
    for (const device of await this.#source.getDevices()) this.add(device);
    return this.#infos();
  }

  /** A device that the person has just chosen, or that came; tells of it if it is new. */
  add(device: Device): Info | undefined {
    const known = this.#ids.get(device);
    const id = known ?? `${++this.#count}`;
    const info = this.#describe(device, id);
    if (info !== undefined && known === undefined) this.#ids.set(device, id);
    return info;
  }

  find(id: string): { device: Device; info: Info } | undefined {
    for (const [device, known] of this.#ids) {
      const info = known === id ? this.#describe(device, id) : undefined;
      if (info !== undefined) return { device, info };
    }
    return undefined;
  }

  onChange(listener: (devices: Info[]) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Calls back with the id of a device that left. */
  onLeft(listener: (id: string) => void): () => void {
    return this.#left.add(listener);
  }

  tell(): void {
    this.#listeners.emit(this.#infos());
  }

  close(): void {
    this.#source.removeEventListener('connect', this.#onConnect);
    this.#source.removeEventListener('disconnect', this.#onDisconnect);
    this.#listeners.clear();
    this.#left.clear();
  }

  readonly #onConnect = ({ device }: { readonly device: Device }): void => {
    if (this.add(device) !== undefined) this.tell();
  };

  readonly #onDisconnect = ({ device }: { readonly device: Device }): void => {
    const id = this.#ids.get(device);
    if (id === undefined) return;
    this.#ids.delete(device);
    this.#left.emit(id);
    this.tell();
  };

  #infos(): Info[] {
    return [...this.#ids].flatMap(([device, id]) => this.#describe(device, id) ?? []);
  }
}
