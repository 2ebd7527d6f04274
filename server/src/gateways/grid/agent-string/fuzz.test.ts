import { describe, expect, it } from 'vitest';
import { fuzz, type FuzzTarget } from '@bianmin/card/testing/fuzz/fuzz';
import { runs, runSeed } from '@bianmin/card/testing/property-runs';
import { processorMs } from '@bianmin/card/testing/node/processor-time';
import { BUILT_IN_LAYOUTS } from '@bianmin/card/meter-card/built-in-layouts';
import type { CardImage } from '@bianmin/card/meter-card/image';
import { generateSm2Keys, sm2Private, sm2Public } from '../wire/sm2.ts';
import { decodeCard, encodeCard } from './card-record.ts';
import { TRADES, tradeOf } from './constants.ts';
import { decodeFields, encodeFields } from './fields.ts';
import { decodeFrame, encodeFrame, type Head } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import { decodePlan, encodePlan } from './plan-record.ts';
import { decodeReply, encodeReply, type Reply } from './replies.ts';
import { encodeRequest } from './requests.ts';
import { decodeRequest } from './asked.ts';
import { BODIES } from './tables.ts';

const INPUTS = runs(20_000);
const seed = Number(process.env['FUZZ_SEED'] ?? runSeed());

const KEYS = generateSm2Keys();
const own = sm2Private(KEYS.privateKey);
const to = sm2Public(KEYS.publicKey);
const receiver = { key: to, layouts: BUILT_IN_LAYOUTS };
const HEAD: Head = {
  version: '01',
  direction: 'A',
  trade: TRADES.sell,
  agent: '9001',
  terminal: 'SERVER',
  date: '20260115',
  serial: '100000000001',
  time: '20260115100000',
  session: 'AB'.repeat(16),
  nonce: 'CD'.repeat(16),
  response: '14',
  business: null,
  remark: '成功',
};
const ORDER = '260115100000000001';
const image: CardImage = {
  chip: 'SLE4442',
  atr: Uint8Array.of(0xa2, 0x13, 0x10, 0x91),
  serial: new Uint8Array(8).fill(1),
  regions: [{ zone: 'main', offset: 8, data: new Uint8Array(0x89) }],
};
const plan = encodePlan({
  version: 1,
  kind: 'purchase',
  orderNo: ORDER,
  chip: 'CPU',
  serial: '01'.repeat(8),
  stage: 1,
  ranges: [{ zone: 'df01:02', offset: 0, length: 8 }],
  steps: [
    { op: 'present-code', code: 'FFFFFF' },
    { op: 'write', zone: 'main', offset: 1, data: 'AB' },
    { op: 'apdu', label: 'external-auth', apdu: `0082000108${'AB'.repeat(8)}` },
    { op: 'apdu', label: 'challenge', apdu: '0084000004', gather: 'macChallenge' },
  ],
  authorise: ['macChallenge'],
});
const sale = {
  saleNo: 'S1',
  orderNo: ORDER,
  count: 4,
  faceFen: 5000,
  creditFen: 5000,
  arrearsFen: 0,
  feeFen: 0,
};
const sold = encodeReply('sell', { result: 'ok', data: sale }, { to, written: false });
const replyOf = (body: Uint8Array): Reply => ({ ...sold, body });
const asks = [
  encodeRequest.sell(
    { orderNo: ORDER, customerNo: '1', meterNo: '2', serial: '01'.repeat(8), faceFen: 5000, count: 4 },
    receiver,
  ),
  encodeRequest.queryReversal({ orderNo: ORDER }, receiver),
  encodeRequest.authorise(
    { orderNo: ORDER, stage: 1, gathered: { challenge: 'AB'.repeat(8), other: '01' } },
    receiver,
  ),
  encodeRequest.reverse({ orderNo: ORDER, reason: 'requested' }, receiver),
];

const TARGETS: readonly FuzzTarget[] = [
  {
    parser: 'frame',
    seeds: [encodeFrame(HEAD, sold.body, { mac: new Uint8Array(32) })],
    run(input) {
      const frame = new FrameReader().push(input);
      return frame === undefined ? undefined : decodeFrame(frame);
    },
  },
  { parser: 'card record', seeds: [encodeCard(image, BUILT_IN_LAYOUTS)], run: decodeCard },
  { parser: 'plan record', seeds: [plan], run: decodePlan },
  { parser: 'sale', seeds: [sold.body], run: (input) => decodeReply('sell', replyOf(input), own) },
  {
    parser: 'working key',
    seeds: [
      encodeFields(BODIES.signOn.answer, { session: 'AB'.repeat(16), key: 'AB', expires: '20260115110000' }),
    ],
    run: (input) => decodeFields(BODIES.signOn.answer, input),
  },
  {
    // The trade's place tells the parser which table to take.
    parser: 'request',
    seeds: asks.map(({ trade, body }) => Buffer.concat([Buffer.from(TRADES[trade]), body])),
    run(input) {
      const trade = tradeOf(Buffer.from(input.subarray(0, 6)).toString('latin1'));
      return trade === undefined ? undefined : decodeRequest(trade, HEAD, input.subarray(6), own);
    },
  },
];

describe(`what comes over the string profile's line (seed ${seed})`, () => {
  it.each(TARGETS.map((target) => [target.parser, target] as const))(
    'as %s is taken or refused by name',
    async (_, target) => {
      expect(await fuzz(target, { inputs: INPUTS, seed, now: processorMs })).toEqual({
        parser: target.parser,
        inputs: INPUTS,
        untyped: 0,
        hangs: 0,
        oversized: 0,
        seed,
      });
    },
  );
});
