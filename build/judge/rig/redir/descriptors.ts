import { concatBytes } from '@bianmin/card/bytes/compare';

/** Types of descriptors (USB 2.0 table 9-5). */
export const DESCRIPTOR = { device: 1, configuration: 2, string: 3, interface: 4, endpoint: 5 } as const;
/** Transfer types in bmAttributes of an endpoint. */
export const TRANSFER = { control: 0, bulk: 2, interrupt: 3, none: 255 } as const;
/** Bytes in a packet of the control pipe and of a bulk endpoint at full speed. */
const PACKET_SIZE = 64;
const LANGUAGE_US_ENGLISH = 0x0409;

interface EndpointInit {
  /** With bit 7 for those that go in. */
  readonly address: number;
  readonly type: (typeof TRANSFER)['bulk' | 'interrupt'];
  readonly packetSize?: number;
  /** Milliseconds between two polls of an interrupt endpoint. */
  readonly interval?: number;
}

interface InterfaceInit {
  readonly number: number;
  readonly class: number;
  readonly subclass?: number;
  readonly protocol?: number;
  /** Between the interface's own descriptor and those of its endpoints. */
  readonly classDescriptor: Uint8Array;
  readonly endpoints: readonly EndpointInit[];
}

export interface DeviceInit {
  readonly vendorId: number;
  readonly productId: number;
  readonly manufacturer: string;
  readonly product: string;
  readonly interfaces: readonly InterfaceInit[];
}

export function deviceDescriptor({ vendorId, productId }: DeviceInit): Uint8Array {
  const bytes = Uint8Array.of(
    18,
    DESCRIPTOR.device,
    0,
    2,
    0,
    0,
    0,
    PACKET_SIZE,
    0,
    0,
    0,
    0,
    0,
    1,
    1,
    2,
    0,
    1,
  );
  const view = new DataView(bytes.buffer);
  view.setUint16(8, vendorId, true);
  view.setUint16(10, productId, true);
  return bytes;
}

export function configurationDescriptor({ interfaces }: DeviceInit): Uint8Array {
  const parts = interfaces.flatMap((each) => [
    interfaceDescriptor(each),
    each.classDescriptor,
    ...each.endpoints.map(endpointDescriptor),
  ]);
  const all = concatBytes(
    Uint8Array.of(9, DESCRIPTOR.configuration, 0, 0, interfaces.length, 1, 0, 0x80, 50),
    ...parts,
  );
  new DataView(all.buffer).setUint16(2, all.length, true);
  return all;
}

/** String 0 says the language; 1 is the maker, 2 the product. Undefined where there is none. */
export function stringDescriptor(
  { manufacturer, product }: DeviceInit,
  index: number,
): Uint8Array | undefined {
  const text = [undefined, manufacturer, product][index];
  if (index === 0)
    return Uint8Array.of(4, DESCRIPTOR.string, LANGUAGE_US_ENGLISH & 0xff, LANGUAGE_US_ENGLISH >> 8);
  if (text === undefined) return undefined;
  const bytes = Uint8Array.from(
    [...text].flatMap((char) => [char.charCodeAt(0) & 0xff, char.charCodeAt(0) >> 8]),
  );
  return concatBytes(Uint8Array.of(bytes.length + 2, DESCRIPTOR.string), bytes);
}

function interfaceDescriptor(of: InterfaceInit): Uint8Array {
  const { number, endpoints, subclass = 0, protocol = 0 } = of;
  return Uint8Array.of(9, DESCRIPTOR.interface, number, 0, endpoints.length, of.class, subclass, protocol, 0);
}

function endpointDescriptor({
  address,
  type,
  packetSize = PACKET_SIZE,
  interval = 0,
}: EndpointInit): Uint8Array {
  return Uint8Array.of(7, DESCRIPTOR.endpoint, address, type, packetSize & 0xff, packetSize >> 8, interval);
}

const PLACES = 32;

/** What usbredir says of a device's interfaces. */
export function interfaceInfoBody({ interfaces }: DeviceInit): Uint8Array {
  const body = new Uint8Array(4 + 4 * PLACES);
  new DataView(body.buffer).setUint32(0, interfaces.length, true);
  interfaces.forEach((each, i) => {
    const values = [each.number, each.class, each.subclass ?? 0, each.protocol ?? 0];
    values.forEach((value, row) => (body[4 + row * PLACES + i] = value));
  });
  return body;
}

/** And of its endpoints: those that go out by their numbers, then those that go in. */
export function endpointInfoBody({ interfaces }: DeviceInit): Uint8Array {
  const body = new Uint8Array(3 * PLACES + 2 * PLACES).fill(TRANSFER.none, 0, PLACES);
  const view = new DataView(body.buffer);
  const put = (place: number, of: { type: number; interval: number; number: number; size: number }): void => {
    body[place] = of.type;
    body[PLACES + place] = of.interval;
    body[2 * PLACES + place] = of.number;
    view.setUint16(3 * PLACES + 2 * place, of.size, true);
  };
  for (const place of [0, PLACES / 2])
    put(place, { type: TRANSFER.control, interval: 0, number: 0, size: PACKET_SIZE });
  for (const { number, endpoints } of interfaces)
    for (const { address, type, packetSize = PACKET_SIZE, interval = 0 } of endpoints) {
      const place = ((address & 0x80) >> 3) | (address & 0x0f);
      put(place, { type, interval, number, size: packetSize });
    }
  return body;
}

export function deviceConnectBody({ vendorId, productId }: DeviceInit): Uint8Array {
  const FULL_SPEED = 1;
  const body = new Uint8Array(10);
  const view = new DataView(body.buffer);
  view.setUint8(0, FULL_SPEED);
  view.setUint16(4, vendorId, true);
  view.setUint16(6, productId, true);
  view.setUint16(8, 0x0100, true);
  return body;
}
