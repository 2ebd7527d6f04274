import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '@bianmin/card/bytes/hex';
import { bytesOf, type CardImage } from '@bianmin/card/meter-card/image';
import { METER_FILES } from '@bianmin/card/testing/meter-files';
import { createAgentString } from '../../../src/gateways/grid/agent-string/adapter.ts';
import { BODIES } from '../../../src/gateways/grid/agent-string/tables.ts';
import { decodeFields } from '../../../src/gateways/grid/agent-string/fields.ts';
import { decodeFrame } from '../../../src/gateways/grid/agent-string/frame.ts';
import { tcpTransport, type FrameTransport } from '../../../src/gateways/grid/agent-string/tcp.ts';
import type { GridGateway } from '../../../src/gateways/grid/contract.ts';
import type { GridCall } from '../../../src/gateways/grid/calls.ts';
import { failureOf, sellRequest } from '../../../src/testing/grid-contract/kit.ts';
import type { GridHarness } from '../../../src/testing/grid-harness.ts';
import { agentStringParts } from './harness.ts';

const ORDER = '260115100000000001';

let harness: GridHarness;
let gateway: GridGateway;
/** Frames in the order they went, both ways. */
let frames: Uint8Array[];
let calls: GridCall[];
/** Set: what becomes of every exchange instead. */
let network: FrameTransport['exchange'] | undefined;
let line: FrameTransport;
beforeEach(async () => {
  const parts = await agentStringParts();
  harness = parts.harness;
  frames = [];
  calls = [];
  network = undefined;
  line = tcpTransport(parts.base.url);
  const transport: FrameTransport = {
    async exchange(frame, timeoutMs) {
      frames.push(frame);
      const answer = await (network ?? line.exchange.bind(line))(frame, timeoutMs);
      frames.push(answer);
      return answer;
    },
  };
  gateway = createAgentString({ ...parts.base, transport, onCall: (call) => void calls.push(call) });
});
afterEach(() => harness.close());

const trades = (): string[] =>
  frames
    .map(decodeFrame)
    .filter(({ head }) => head.direction === 'Q')
    .map(({ head }) => head.trade);

async function sold(kind: 'SLE4442' | 'CPU' = 'SLE4442'): Promise<CardImage> {
  const image = await harness.card(kind).read();
  await gateway.sell(sellRequest(await gateway.identify(image), ORDER));
  await gateway.returnData(ORDER, image.regions);
  return image;
}

describe('the string gateway', () => {
  it('signs on once, then sends each transaction by its code', async () => {
    await sold();
    expect(trades()).toEqual(['800000', '800101', '800102', '800111']);
  });

  it('sells under the date and serial that the order number is', async () => {
    await sold();
    const head = frames.map(decodeFrame).find((frame) => frame.head.trade === '800102')?.head;
    expect(head).toMatchObject({ date: '20260115', serial: '100000000001' });
  });

  it('asks for write data first as such, and from then on as a rewrite that names the grid’s serial', async () => {
    const image = await sold();
    const first = await gateway.writePlan(ORDER, image);
    frames.length = 0;
    expect(await gateway.writePlan(ORDER, image)).toEqual(first);
    expect(trades()).toEqual(['800104', '800106']);
    const bodies = frames.map(decodeFrame);
    const sale = decodeFields(BODIES.query.answer, bodies[1]?.body ?? new Uint8Array(0));
    const rewrite = decodeFields(BODIES.rewrite.request, bodies[2]?.body ?? new Uint8Array(0));
    expect(rewrite).toMatchObject({ businessType: '06', gridSerial: sale.gridSerial });
    expect(sale.gridSerial).not.toBe('');
  });

  it('sells on a card of a maker whose layout it does not have', async () => {
    const { base, harness: own } = await agentStringParts();
    const { layouts: _, ...without } = base;
    const born = createAgentString(without);
    const card = own.card('second-SLE4442');
    const image = await card.read();
    await born.sell(sellRequest(await born.identify(image), ORDER));
    await born.returnData(ORDER, image.regions);
    await card.write(await born.writePlan(ORDER, image));
    expect(card.insert()).toMatchObject({ creditedFen: 5000, error: null });
    await own.close();
  });

  it('does not ask for write data while it cannot learn what became of the sale', async () => {
    const image = await sold();
    harness.fault('queryOriginal', 'after');
    frames.length = 0;
    expect(await failureOf(gateway.writePlan(ORDER, image))).toMatchObject({ code: 'grid.unavailable' });
    expect(trades()).toEqual(['800104']);
    expect((await gateway.reverse(ORDER, 'requested')).status).toBe('reversed');
  });

  it('shows no listener on the line what is on a card or goes onto it', async () => {
    const image = await sold();
    const plan = await gateway.writePlan(ORDER, image);
    const code = plan.steps.find((step) => step.op === 'present-code')?.code ?? '';
    const purse = bytesOf(image, METER_FILES.SLE4442.purse) ?? new Uint8Array(0);
    const parameters = bytesOf(image, METER_FILES.SLE4442.parameters) ?? new Uint8Array(0);
    const written = plan.steps.map((step) => (step.op === 'write' ? step.data : '')).filter(Boolean);
    const line = Buffer.concat(frames).toString('latin1').toUpperCase();
    for (const secret of [toHex(purse), toHex(parameters), ...written]) expect(line).not.toContain(secret);
    expect(code).toMatch(/^[0-9A-F]{6}$/);
    for (const { body, head } of frames.map(decodeFrame)) {
      if (head.trade !== '800105' || head.direction !== 'A') continue;
      // A code is too short to be looked for in so much hex: the plan is all that the body has, and it is sealed.
      const { plan: sealed } = decodeFields(BODIES.writeData.answer, body);
      expect(sealed).not.toContain(Buffer.from(code).toString('hex').toUpperCase());
      expect(Buffer.from(sealed, 'hex').toString('latin1')).not.toContain('purchase');
    }
  });

  it.each([
    ['quote', () => gateway.quote({ customerNo: '1', meterNo: '1', faceFen: 1 })],
    ['remote credit', () => gateway.remoteCredit(ORDER)],
    ['a query of it', () => gateway.queryCredit(ORDER)],
    [
      'a replacement',
      async () =>
        gateway.replaceCard({ requestNo: ORDER, customerNo: '1', image: await harness.card('blank').read() }),
    ],
    ['a bill', () => gateway.dailyBill('2026-01-15')],
    ['an order number of another form', () => gateway.queryOriginal('A1')],
    ['a reason that GBK cannot write', () => gateway.reverse(ORDER, 'ئ')],
    ['a customer number that is too long', () => gateway.identifyCustomer('1'.repeat(21))],
  ])('refuses %s without a frame', async (_, call) => {
    expect(await failureOf(call())).toEqual({ code: 'grid.refused', refusal: 'other' });
    expect(frames).toEqual([]);
  });

  it('takes a refusal of its own for no sign that the grid lives', async () => {
    const image = await harness.card('SLE4442').read();
    network = () => Promise.reject(new Error('cut'));
    for (let i = 0; i < 10; i += 1) {
      await failureOf(gateway.identify(image));
      await failureOf(gateway.queryOriginal('A1'));
    }
    const reached = frames.length;
    expect(await failureOf(gateway.identify(image))).toMatchObject({ code: 'grid.unavailable' });
    expect(frames).toHaveLength(reached);
    expect(calls.every(({ outcome }) => outcome === 'unavailable')).toBe(true);
  });

  it('signs on once however many calls wait for it', async () => {
    const image = await harness.card('CPU').read();
    await Promise.all(Array.from({ length: 8 }, () => gateway.identify(image)));
    expect(trades().filter((trade) => trade === '800000')).toHaveLength(1);
  });

  it('believes no answer that is bent, and says so', async () => {
    const image = await harness.card('SLE4442').read();
    const sell = sellRequest(await gateway.identify(image), ORDER);
    network = async (frame, timeoutMs) => {
      const answer = Buffer.from(await line.exchange(frame, timeoutMs));
      const at = answer.length - 64 - 40;
      answer.write(answer.toString('latin1', at, at + 1) === '1' ? '2' : '1', at, 'latin1');
      return answer;
    };
    expect(await failureOf(gateway.sell(sell))).toMatchObject({ code: 'grid.unknown' });
    network = undefined;
    expect((await gateway.queryOriginal(ORDER)).status).toBe('sold');
  });
});
