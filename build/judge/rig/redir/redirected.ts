import {
  configurationDescriptor,
  DESCRIPTOR,
  deviceConnectBody,
  deviceDescriptor,
  endpointInfoBody,
  interfaceInfoBody,
  stringDescriptor,
  type DeviceInit,
} from './descriptors.ts';
import { InEndpoint } from './in-endpoint.ts';
import {
  bulkBody,
  controlBody,
  decodeBulk,
  decodeControl,
  encodePacket,
  helloBody,
  interruptBody,
  PACKET,
  PacketStream,
  STATUS,
  type Packet,
  type Setup,
  type Status,
} from './packets.ts';

/** A device without a plug. A request that it does not know, and an endpoint that it has not, fails with `Stalled`. */
export interface RedirectedDevice {
  readonly init: DeviceInit;
  /** Requests of classes, and the descriptors of interfaces. */
  control(setup: Setup): Promise<Uint8Array>;
  bulkOut(endpoint: number, data: Uint8Array): Promise<void>;
  bulkIn(endpoint: number, length: number): Promise<Uint8Array>;
  clearHalt(endpoint: number): Promise<void>;
  /** Calls back with what its interrupt endpoints say, until the function that it returns is called. */
  onInterrupt(listener: (endpoint: number, data: Uint8Array) => void): () => void;
}

/** What a device says to what it cannot do. */
export class Stalled extends Error {}

const NOTHING = new Uint8Array();
/** Standard requests (USB 2.0 table 9-4). */
const REQUEST = { getStatus: 0, clearFeature: 1, setFeature: 3, getDescriptor: 6 } as const;
const TO_ENDPOINT = 0x02;

/** The end of a usbredir connection where the device is. One device at a time. */
export class RedirectedPlug {
  readonly #write: (bytes: Uint8Array) => void;
  readonly #stream = new PacketStream();
  readonly #reading = new Set<number>();
  /** What an interrupt endpoint said while nobody listened. */
  #unread = new Map<number, Uint8Array[]>();
  #device: RedirectedDevice | undefined;
  #greeted = false;
  #in = new Map<number, InEndpoint>();
  #off: () => void = () => undefined;

  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write;
    this.#say(PACKET.hello, helloBody('bianmin rig'));
  }

  plug(device: RedirectedDevice): void {
    this.unplug();
    this.#device = device;
    this.#off = device.onInterrupt((endpoint, data) => {
      this.#interrupt(endpoint, data);
    });
    if (this.#greeted) this.#connect(device);
  }

  unplug(): void {
    if (this.#device === undefined) return;
    this.#off();
    this.#device = undefined;
    this.#in = new Map();
    this.#reading.clear();
    this.#unread = new Map();
    if (this.#greeted) this.#say(PACKET.deviceDisconnect, NOTHING);
  }

  receive(bytes: Uint8Array): void {
    for (const packet of this.#stream.take(bytes)) this.#hear(packet);
  }

  #hear(packet: Packet): void {
    const device = this.#device;
    const { type, id, body } = packet;
    const [first = 0, second = 0] = body;
    if (type === PACKET.hello) {
      this.#greeted = true;
      if (device !== undefined) this.#connect(device);
      return;
    }
    if (type === PACKET.filterReject) throw new Error('QEMU refuses the device.');
    if (device === undefined) return;
    switch (type) {
      case PACKET.setConfiguration:
        this.#describe(device);
        return this.#say(PACKET.configurationStatus, Uint8Array.of(STATUS.success, first), id);
      case PACKET.getConfiguration:
        return this.#say(PACKET.configurationStatus, Uint8Array.of(STATUS.success, 1), id);
      case PACKET.setAltSetting:
        this.#describe(device);
        return this.#say(PACKET.altSettingStatus, Uint8Array.of(STATUS.success, first, second), id);
      case PACKET.getAltSetting:
        return this.#say(PACKET.altSettingStatus, Uint8Array.of(STATUS.success, first, 0), id);
      case PACKET.startInterruptReceiving:
      case PACKET.stopInterruptReceiving:
        return this.#listen(first, { starts: type === PACKET.startInterruptReceiving, id });
      case PACKET.cancelData:
        return this.#cancel(id);
      case PACKET.control:
        return void this.#control(device, packet);
      case PACKET.bulk:
        return void this.#bulk(device, packet);
    }
  }

  async #control(device: RedirectedDevice, { id, body }: Packet): Promise<void> {
    const setup = decodeControl(body);
    const [status, data] = await settled(() => standardAnswer(device, setup) ?? device.control(setup));
    this.#say(PACKET.control, controlBody(body, status, data.subarray(0, setup.length)), id);
  }

  async #bulk(device: RedirectedDevice, { id, body }: Packet): Promise<void> {
    const { endpoint, length, data } = decodeBulk(body);
    const answer = (status: Status, back: Uint8Array, count = back.length): void =>
      this.#say(PACKET.bulk, bulkBody({ endpoint, status, length: count, data: back }), id);
    if ((endpoint & 0x80) === 0) {
      const [status] = await settled(async () => {
        await device.bulkOut(endpoint, data);
        return NOTHING;
      });
      return answer(status, NOTHING, status === STATUS.success ? data.length : 0);
    }
    this.#inEndpoint(device, endpoint).want({
      ...{ id, length },
      answer: (back) => {
        answer(STATUS.success, back);
      },
      fail: (error) => {
        answer(statusOf(error), NOTHING);
      },
    });
  }

  #inEndpoint(device: RedirectedDevice, endpoint: number): InEndpoint {
    const known = this.#in.get(endpoint);
    if (known !== undefined) return known;
    const made = new InEndpoint((length) => device.bulkIn(endpoint, length));
    this.#in.set(endpoint, made);
    return made;
  }

  #cancel(id: bigint): void {
    for (const [endpoint, waiting] of this.#in) {
      if (!waiting.giveUp(id)) continue;
      const body = bulkBody({ endpoint, status: STATUS.cancelled, length: 0, data: NOTHING });
      this.#say(PACKET.bulk, body, id);
    }
  }

  #listen(endpoint: number, { starts, id }: { starts: boolean; id: bigint }): void {
    if (starts) this.#reading.add(endpoint);
    else this.#reading.delete(endpoint);
    this.#say(PACKET.interruptReceivingStatus, Uint8Array.of(STATUS.success, endpoint), id);
    if (!starts) return;
    const unread = this.#unread.get(endpoint) ?? [];
    this.#unread.delete(endpoint);
    for (const data of unread) this.#interrupt(endpoint, data);
  }

  #interrupt(endpoint: number, data: Uint8Array): void {
    if (this.#reading.has(endpoint))
      this.#say(PACKET.interrupt, interruptBody(endpoint, STATUS.success, data));
    else this.#unread.set(endpoint, [...(this.#unread.get(endpoint) ?? []), data]);
  }

  #connect(device: RedirectedDevice): void {
    this.#describe(device);
    this.#say(PACKET.deviceConnect, deviceConnectBody(device.init));
  }

  #describe({ init }: RedirectedDevice): void {
    this.#say(PACKET.interfaceInfo, interfaceInfoBody(init));
    this.#say(PACKET.endpointInfo, endpointInfoBody(init));
  }

  #say(type: number, body: Uint8Array, id = 0n): void {
    this.#write(encodePacket({ type, id, body }));
  }
}

/** What every device answers by its descriptors; undefined for the rest. */
function standardAnswer(device: RedirectedDevice, setup: Setup): Promise<Uint8Array> | undefined {
  const { requestType, request, value, index } = setup;
  const answer = (bytes: Uint8Array | undefined): Promise<Uint8Array> =>
    bytes === undefined ? Promise.reject(new Stalled()) : Promise.resolve(bytes);
  if ((requestType & 0x60) !== 0) return undefined;
  switch (request) {
    case REQUEST.getStatus:
      return answer(Uint8Array.of(0, 0));
    case REQUEST.clearFeature:
      if ((requestType & 0x1f) !== TO_ENDPOINT) return answer(NOTHING);
      return device.clearHalt(index).then(() => NOTHING);
    case REQUEST.setFeature:
      return answer(NOTHING);
    case REQUEST.getDescriptor:
      switch (value >> 8) {
        case DESCRIPTOR.device:
          return answer(deviceDescriptor(device.init));
        case DESCRIPTOR.configuration:
          return answer(configurationDescriptor(device.init));
        case DESCRIPTOR.string:
          return answer(stringDescriptor(device.init, value & 0xff));
        default:
          return undefined;
      }
    default:
      return answer(undefined);
  }
}

async function settled(work: () => Promise<Uint8Array>): Promise<[Status, Uint8Array]> {
  try {
    return [STATUS.success, await work()];
  } catch (error) {
    return [statusOf(error), NOTHING];
  }
}

function statusOf(error: unknown): Status {
  return error instanceof Stalled ? STATUS.stall : STATUS.ioError;
}
