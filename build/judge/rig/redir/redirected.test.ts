import { beforeEach, describe, expect, it } from 'vitest';
import { concatBytes } from '@bianmin/card/bytes/compare';
import { systemClock } from '@bianmin/card/node/system-clock';
import { encodeCommand } from '@bianmin/card/framing/ccid/message';
import { SimulatedReader } from '@bianmin/card/testing/sim-reader';
import { KeyedReader } from './keyed-reader.ts';
import { bulkBody, encodePacket, helloBody, PACKET, PacketStream, STATUS, type Packet } from './packets.ts';
import { RedirectedPlug } from './redirected.ts';

const [OUT, IN, NOTICES, KEYS] = [0x02, 0x83, 0x84, 0x81];
const NOTHING = new Uint8Array();
const SLOT_STATUS = encodeCommand({
  name: 'getSlotStatus',
  slot: 0,
  seq: 1,
  parameters: [0, 0, 0],
  data: NOTHING,
});

let said: Packet[];
let reader: SimulatedReader;
let device: KeyedReader;
let plug: RedirectedPlug;
beforeEach(() => {
  const stream = new PacketStream();
  said = [];
  plug = new RedirectedPlug((bytes) => said.push(...stream.take(bytes)));
  reader = new SimulatedReader({ clock: systemClock });
  device = new KeyedReader(reader.attach());
  plug.plug(device);
  plug.receive(encodePacket({ type: PACKET.hello, id: 0n, body: helloBody('guest') }));
});

const ask = (type: number, body: Uint8Array, id = 7n): void => {
  plug.receive(encodePacket({ type, id, body }));
};
const heard = (type: number): Promise<Packet> =>
  expect
    .poll(() => said.find((packet) => packet.type === type))
    .toBeDefined()
    .then(() => {
      const at = said.findIndex((packet) => packet.type === type);
      return said.splice(at, 1)[0] as Packet;
    });
const control = ([requestType, request, value, index, length]: readonly [
  number,
  number,
  number,
  number,
  number,
]): Uint8Array => {
  const head = new DataView(new ArrayBuffer(10));
  head.setUint8(0, requestType & 0x80);
  head.setUint8(1, request);
  head.setUint8(2, requestType);
  head.setUint16(4, value, true);
  head.setUint16(6, index, true);
  head.setUint16(8, length, true);
  return new Uint8Array(head.buffer);
};
const bulk = (endpoint: number, length: number, data: Uint8Array = NOTHING): Uint8Array =>
  bulkBody({ endpoint, status: STATUS.success, length, data });

describe('a device that is redirected', () => {
  it('says hello, what it has, and that it is there, in this order', () => {
    expect(said.map(({ type }) => type)).toEqual([
      PACKET.hello,
      PACKET.interfaceInfo,
      PACKET.endpointInfo,
      PACKET.deviceConnect,
    ]);
    expect(said[1]?.body.slice(0, 6)).toEqual(Uint8Array.of(2, 0, 0, 0, 0, 1));
    expect([...(said[1]?.body.slice(36, 38) ?? [])]).toEqual([0x03, 0x0b]);
    const types = said[2]?.body.slice(0, 32) ?? NOTHING;
    expect([types[2], types[16 + 1], types[16 + 3], types[16 + 4], types[3]]).toEqual([2, 3, 2, 3, 255]);
  });

  it('describes both interfaces, and cuts what is asked for in part', async () => {
    ask(PACKET.control, control([0x80, 6, 0x0200, 0, 9]));
    const { body } = await heard(PACKET.control);
    expect(body.length).toBe(10 + 9);
    const total = body[12] ?? 0;
    ask(PACKET.control, control([0x80, 6, 0x0200, 0, total]));
    const whole = (await heard(PACKET.control)).body.slice(10);
    expect(whole.length).toBe(total);
    expect([...whole.slice(0, 6)]).toEqual([9, 2, total, 0, 2, 1]);
  });

  it('stalls what it does not know', async () => {
    ask(PACKET.control, control([0xa1, 0x77, 0, 1, 4]));
    expect((await heard(PACKET.control)).body[3]).toBe(STATUS.stall);
  });

  it('carries a command out and its answer in, however the stream is cut', async () => {
    const request = concatBytes(
      encodePacket({ type: PACKET.bulk, id: 1n, body: bulk(OUT, SLOT_STATUS.length, SLOT_STATUS) }),
      encodePacket({ type: PACKET.bulk, id: 2n, body: bulk(IN, 271) }),
    );
    for (const byte of request) plug.receive(Uint8Array.of(byte));
    const both = [await heard(PACKET.bulk), await heard(PACKET.bulk)];
    const [taken, given] = both.sort((a, b) => Number(a.id - b.id)).map(({ body }) => body);
    expect([taken?.[1], taken?.[2]]).toEqual([STATUS.success, SLOT_STATUS.length]);
    expect([given?.[1], given?.[2], given?.[10]]).toEqual([STATUS.success, 10, 0x81]);
  });

  it('keeps an answer whose request was given up for the next one', async () => {
    ask(PACKET.bulk, bulk(IN, 271), 5n);
    ask(PACKET.cancelData, NOTHING, 5n);
    expect((await heard(PACKET.bulk)).body[1]).toBe(STATUS.cancelled);
    ask(PACKET.bulk, bulk(OUT, SLOT_STATUS.length, SLOT_STATUS), 6n);
    expect((await heard(PACKET.bulk)).id).toBe(6n);
    ask(PACKET.bulk, bulk(IN, 271), 8n);
    const { id, body } = await heard(PACKET.bulk);
    expect([id, body[2]]).toEqual([8n, 10]);
  });

  it('tells of a card and of keys once it is listened to, and not before', async () => {
    ask(PACKET.startInterruptReceiving, Uint8Array.of(NOTICES));
    await heard(PACKET.interruptReceivingStatus);
    device.press();
    expect(said.some(({ type }) => type === PACKET.interrupt)).toBe(false);
    reader.announce(true);
    expect([...(await heard(PACKET.interrupt)).body.slice(0, 1)]).toEqual([NOTICES]);
    ask(PACKET.startInterruptReceiving, Uint8Array.of(KEYS));
    const keys = [await heard(PACKET.interrupt), await heard(PACKET.interrupt)];
    expect(keys.map(({ body }) => body[4 + 2])).toEqual([4, 0]);
  });

  it('that is pulled says so, and answers nothing more', async () => {
    plug.unplug();
    await device.leave();
    await heard(PACKET.deviceDisconnect);
    said = [];
    ask(PACKET.control, control([0x80, 6, 0x0100, 0, 18]));
    expect(said).toEqual([]);
  });
});
