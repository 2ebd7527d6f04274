import { UsbError } from '@bianmin/card/usb/error';
import type { UsbPort } from '@bianmin/card/usb/ports';
import type { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import { fromBase64, toBase64 } from '../android/base64.ts';
import type {
  AndroidUsbBridge,
  AndroidUsbPage,
  BridgeFailureCode,
  BridgeRequest,
} from '../android/bridge.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The box's shell with simulated readers: what the Java side must do, written as its model. */
export class FakeAndroidBridge implements AndroidUsbBridge {
  /** What the page has put where the shell finds it. */
  page: AndroidUsbPage | undefined;
  /** What the person says when Android asks. */
  allowed = true;
  /** The next calls are dropped: a shell that hangs. */
  mute = false;
  /** The next answer is this text instead. */
  garble: string | undefined;
  /** Answers are held back until `release`. */
  hold = false;
  /** What came, as text. */
  readonly requests: string[] = [];
  readonly #readers = new Map<string, SimulatedReader>();
  readonly #ports = new Map<string, UsbPort>();
  #held: (() => void)[] = [];
  #count = 0;

  plug(reader: SimulatedReader): void {
    this.#readers.set(reader.info.id, reader);
    this.#tell();
  }

  unplug(reader: SimulatedReader): void {
    this.#readers.delete(reader.info.id);
    reader.unplug();
    this.#tell();
  }

  /** Ports that are open. */
  get openPorts(): number {
    return this.#ports.size;
  }

  release(): void {
    this.hold = false;
    for (const answer of this.#held.splice(0)) answer();
  }

  /** Runs on a thread of its own there: returns at once. */
  call(id: string, request: string): void {
    this.requests.push(request);
    if (this.mute) return;
    void this.#carryOut(JSON.parse(request) as BridgeRequest).then(
      (fields) => {
        this.#answer(id, { ok: true, ...fields });
      },
      (error: unknown) => {
        const code = error instanceof UsbError ? error.code : 'usb.io';
        this.#answer(id, { ok: false, code });
      },
    );
  }

  async #carryOut(request: BridgeRequest): Promise<Fields> {
    switch (request.op) {
      case 'hello':
        for (const port of this.#ports.values()) await port.close();
        this.#ports.clear();
        return { devices: this.#devices() };
      case 'list':
        return { devices: this.#devices() };
      case 'open':
        return this.#open(request.device);
      case 'bulkOut':
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

  #open(device: string): Fields {
    const reader = this.#readers.get(device);
    if (reader === undefined) throw failure('usb.gone');
    if (!this.allowed) throw failure('usb.permission');
    const port = String(++this.#count);
    this.#ports.set(port, reader.attach());
    return { port, ccidDescriptor: toBase64(reader.ccidDescriptor), packetSize: 64 };
  }

  #port(id: string): UsbPort {
    const port = this.#ports.get(id);
    if (port === undefined) throw failure('usb.gone');
    return port;
  }

  #answer(id: string, fields: Fields): void {
    const text = this.garble ?? JSON.stringify(fields);
    this.garble = undefined;
    const answer = (): void => this.page?.answer(id, text);
    if (this.hold) this.#held.push(answer);
    else answer();
  }

  #tell(): void {
    this.page?.changed(JSON.stringify(this.#devices()));
  }

  #devices(): unknown[] {
    return [...this.#readers.values()].map(({ info }) => info);
  }
}

function data(bytes: Uint8Array): Fields {
  return { data: toBase64(bytes) };
}

function failure(code: BridgeFailureCode): UsbError {
  return new UsbError({ code, message: `The simulated shell: ${code}.` });
}
