import { setTimeout } from 'node:timers/promises';
import { parseJson } from '@bianmin/card/json-text';
import { UsbError } from '@bianmin/card/usb/error';
import type { UsbBus, UsbDeviceInfo, UsbPort } from '@bianmin/card/usb/ports';
import { fromBase64, toBase64 } from '@bianmin/purchase/android/base64';
import type { AndroidUsbBridge, AndroidUsbPage, BridgeRequest } from '@bianmin/purchase/android/bridge';

type Fields = Readonly<Record<string, unknown>>;

/** The box's USB bridge (docs/protocol/android-bridge.md) over any buses, such as the sandbox's, which have a reader each. */
export class UsbModel implements AndroidUsbBridge {
  page: AndroidUsbPage | undefined;
  /** Devices that are there besides the bus's, and that cannot be opened. */
  readonly strangers: UsbDeviceInfo[] = [];
  /** What the person says when Android asks. */
  allowed = true;
  /** The cable is out. */
  unplugged = false;
  /** The cable comes out after so many more messages to readers: in the middle of a write, say. */
  unplugAfter = Number.POSITIVE_INFINITY;
  /** What each message to a reader takes, ms: a real card is written slowly enough to be watched. */
  messageMs = 0;
  /** The bus's own readers are out; strangers are in. */
  onlyStrangers = false;
  readonly #buses: readonly UsbBus[];
  readonly #ports = new Map<string, UsbPort>();
  #count = 0;

  constructor(...buses: UsbBus[]) {
    this.#buses = buses;
    for (const bus of buses) bus.onChange(() => void this.tell());
  }

  /** To be called after what is plugged in was changed. */
  async tell(): Promise<void> {
    if (this.unplugged) await this.#closeAll();
    this.page?.changed(JSON.stringify(await this.#devices()));
  }

  call(id: string, request: string): void {
    // An answer is for the page that asked, not for one that was loaded since.
    const { page } = this;
    void this.#carryOut(parseJson(request) as BridgeRequest).then(
      (fields) => page?.answer(id, JSON.stringify({ ok: true, ...fields })),
      (error: unknown) => {
        const code = error instanceof UsbError ? error.code : 'usb.io';
        page?.answer(id, JSON.stringify({ ok: false, code }));
      },
    );
  }

  async #carryOut(request: BridgeRequest): Promise<Fields> {
    switch (request.op) {
      case 'hello':
        await this.#closeAll();
        return { devices: await this.#devices() };
      case 'list':
        return { devices: await this.#devices() };
      case 'open':
        return this.#open(request.device);
      case 'bulkOut':
        if (--this.unplugAfter < 0) {
          this.unplugAfter = Number.POSITIVE_INFINITY;
          this.unplugged = true;
          await this.tell();
          throw failure('usb.gone');
        }
        if (this.messageMs > 0) await setTimeout(this.messageMs);
        await this.#port(request.port).bulkOut(
          fromBase64(request.data) ?? new Uint8Array(),
          request.timeoutMs,
        );
        return {};
      case 'bulkIn':
        return data(await this.#port(request.port).bulkIn(request.maxLength, request.timeoutMs));
      case 'interruptIn':
        return data(await this.#port(request.port).interruptIn(request.maxLength, request.timeoutMs));
      case 'controlAbort':
        await this.#port(request.port).controlAbort(request.slot, request.seq, request.timeoutMs);
        return {};
      case 'clearHalt':
        await this.#port(request.port).clearHalt(request.endpoint);
        return {};
      case 'close':
        await this.#ports.get(request.port)?.close();
        this.#ports.delete(request.port);
        return {};
    }
  }

  async #open(device: string): Promise<Fields> {
    if (this.unplugged) throw failure('usb.gone');
    if (this.strangers.some(({ id }) => id === device)) throw failure('usb.io');
    if (!this.allowed) throw failure('usb.permission');
    const [, place, id] = /^(\d+)\/(.*)$/.exec(device) ?? [];
    const bus = this.#buses[Number(place)];
    if (bus === undefined || id === undefined) throw failure('usb.gone');
    const opened = await bus.open(id);
    const port = String(++this.#count);
    this.#ports.set(port, opened);
    return {
      port,
      ccidDescriptor: toBase64(opened.ccidDescriptor),
      ...(opened.packetSize === undefined ? {} : { packetSize: opened.packetSize }),
    };
  }

  #port(id: string): UsbPort {
    const port = this.#ports.get(id);
    if (port === undefined) throw failure('usb.gone');
    return port;
  }

  async #closeAll(): Promise<void> {
    const ports = [...this.#ports.values()];
    this.#ports.clear();
    for (const port of ports) await port.close();
  }

  async #devices(): Promise<UsbDeviceInfo[]> {
    if (this.unplugged) return [];
    if (this.onlyStrangers) return [...this.strangers];
    const own = await Promise.all(
      // A name of one bus may be another's, too.
      this.#buses.map(async (bus, place) =>
        (await bus.list()).map((info) => ({ ...info, id: `${place}/${info.id}` })),
      ),
    );
    return [...own.flat(), ...this.strangers];
  }
}

function data(bytes: Uint8Array): Fields {
  return { data: toBase64(bytes) };
}

function failure(code: 'usb.gone' | 'usb.io' | 'usb.permission'): UsbError {
  return new UsbError({ code, message: `The model of the shell: ${code}.` });
}
