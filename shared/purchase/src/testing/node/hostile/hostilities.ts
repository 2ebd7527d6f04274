import { encodeDescriptor } from '@bianmin/card/framing/ccid/descriptor';
import { randomBytes } from '@bianmin/card/testing/random';
import { ATR_LIES, CARD_LIES, LyingCard } from '@bianmin/card/testing/node/hostile/card-lies';
import { LyingPort } from '@bianmin/card/testing/node/hostile/lying-port';
import { NOTICE_LIES, READER_LIES, type Draw } from '@bianmin/card/testing/node/hostile/reader-lies';
import { HID_LIES, lyingHid } from '@bianmin/card/testing/node/hostile/lying-hid';
import type { Hostility } from './hostile-visit.ts';

/** A visit has about so many messages; lies begin anywhere in it. */
const MESSAGES = 60;
const NEVER = Number.MAX_SAFE_INTEGER;

function lyingReaders(): [string, Hostility][] {
  return Object.entries(READER_LIES).map(([name, lie]) => [
    `a reader that ${name}`,
    {
      port: (port, clock, draw) => {
        const times = [1, 3, NEVER][draw() % 3] ?? 1;
        return new LyingPort({ port, clock, draw, lie, from: draw() % MESSAGES, times });
      },
    },
  ]);
}

function noisyReaders(): [string, Hostility][] {
  return Object.entries(NOTICE_LIES).map(([name, notices]) => [
    `a reader whose notices say: ${name}`,
    {
      port: (port, clock, draw) =>
        new LyingPort({ port, clock, draw, from: NEVER, times: 0, notices: notices(draw) }),
    },
  ]);
}

const any = (draw: Draw, ...values: readonly number[]): number => values[draw() % values.length] ?? 0;

/** Numbers at which lengths turn over, in each field of the class descriptor. */
function wildDescriptor(draw: Draw): Uint8Array {
  if (draw() % 4 === 0) return randomBytes(draw, draw() % 80);
  const bytes = encodeDescriptor({
    slots: any(draw, 1, 2, 16, 17, 256),
    voltages: draw() & 0xff,
    protocols: any(draw, 0, 1, 2, 3, 0xffffffff),
    features: any(draw, 0, 0x10000, 0x20000, 0x40000, 0xffffffff, draw()),
    maxMessage: any(draw, 0, 1, 9, 10, 11, 64, 271, 65_554, 0xffffffff),
    maxIfsd: any(draw, 0, 1, 254, 255, 0xffffffff),
    dataRate: any(draw, 0, 1, 0xffffffff),
    maxDataRate: any(draw, 0, 1, 0xffffffff),
    defaultClock: any(draw, 0, 1, 4_000, 0xffffffff),
    maxClock: any(draw, 0, 1, 4_000, 0xffffffff),
    busySlots: any(draw, 0, 1, 255),
  });
  return bytes;
}

const DESCRIBED_WILDLY: [string, Hostility] = [
  'a reader that describes itself wildly',
  {
    port: (honest, clock, draw) => {
      // Where the platform knows no packet size, the descriptor says how long reads are.
      const { packetSize: _, ...unsized } = honest;
      const port = draw() % 2 === 0 ? honest : unsized;
      return new LyingPort({ port, clock, draw, from: NEVER, times: 0 }, wildDescriptor(draw));
    },
  },
];

function lyingCards(): [string, Hostility][] {
  return Object.entries(CARD_LIES).map(([name, lie]) => [
    `a card that ${name}`,
    { card: (card, draw) => new LyingCard(card, { draw, lie, from: draw() % MESSAGES }) },
  ]);
}

function oddAtrs(): [string, Hostility][] {
  return Object.entries(ATR_LIES).map(([name, atr]) => [
    `a card with an answer to reset ${name}`,
    { card: (card, draw) => new LyingCard(card, { draw, atr, from: NEVER }) },
  ]);
}

function lyingHidReaders(): [string, Hostility][] {
  return Object.entries(HID_LIES).map(([name, lie]) => [
    `a HID reader that ${name}`,
    {
      hid: (port, clock, draw) =>
        lyingHid(port, { clock, draw, lie, from: draw() % MESSAGES, floods: draw() % 2 === 0 }),
    },
  ]);
}

/** Each kind of hostile device by what it does. */
export const HOSTILITIES: readonly (readonly [string, Hostility])[] = [
  ...lyingReaders(),
  ...noisyReaders(),
  ...lyingHidReaders(),
  DESCRIBED_WILDLY,
  ...lyingCards(),
  ...oddAtrs(),
];
