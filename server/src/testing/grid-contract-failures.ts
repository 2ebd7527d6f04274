import { describe, expect, it } from 'vitest';
import type { CardImage } from '@bianmin/shared/meter-card/image';
import type { GridGateway } from '../gateways/grid/contract.ts';
import { OPERATIONS, OPERATION_NAMES, type Operation } from '../gateways/grid/wire/operations.ts';
import { eachHarness, failureOf, sellRequest } from './grid-contract-kit.ts';
import type { GridHarness, HarnessCapability, HarnessFault } from './grid-harness.ts';

const ORDER = '260115100000000001';
const TERMINAL = `t${'0'.repeat(30)}`;

/** Faults after which nobody can know, as far as the caller sees. */
const SILENT: readonly HarnessFault[] = [
  'before',
  'after',
  'delay',
  'http-500',
  'garbage-signature',
  'other-id',
];

/** Operations of the gateway's; texting a code is a port of its own (`BindingCodes`). */
type Asked = Exclude<Operation, 'sendCode'>;

/** Calls one operation of an order on a card; what it answers is not looked at. */
function call(gateway: GridGateway, operation: Asked, image: CardImage, sell: SellOf): Promise<unknown> {
  switch (operation) {
    case 'identify':
      return gateway.identify(image);
    case 'sell':
      return gateway.sell(sell);
    case 'queryOriginal':
      return gateway.queryOriginal(ORDER);
    case 'returnData':
      return gateway.returnData(ORDER, image.regions);
    case 'writePlan':
      return gateway.writePlan(ORDER, image);
    case 'authorise':
      return gateway.authorise({ orderNo: ORDER, stage: 1, gathered: {} });
    case 'confirmWrite':
      return gateway.confirmWrite(ORDER, '');
    case 'reverse':
      return gateway.reverse(ORDER, 'requested');
    case 'queryReversal':
      return gateway.queryReversal(ORDER);
    case 'identifyCustomer':
      return gateway.identifyCustomer(sell.customerNo);
    case 'quote':
      return gateway.quote({ customerNo: sell.customerNo, meterNo: sell.meterNo, faceFen: sell.faceFen });
    case 'remoteCredit':
      return gateway.remoteCredit(ORDER);
    case 'queryCredit':
      return gateway.queryCredit(ORDER);
    case 'replaceCard':
      return gateway.replaceCard({ requestNo: ORDER, customerNo: sell.customerNo, image });
    case 'cardTasks':
      return gateway.cardTasks([TERMINAL]);
    case 'cardStep':
      return gateway.cardStep({ taskNo: ORDER, done: 0, answer: null });
    case 'endCardTask':
      return gateway.endCardTask({ taskNo: ORDER, end: 'refused', failure: null, done: 0, write: 'none' });
    case 'dailyBill':
      return gateway.dailyBill('2026-01-01');
  }
}

function operationsOf(capability: HarnessCapability): Asked[] {
  if (capability === 'cardTasks') return ['cardTasks', 'cardStep', 'endCardTask'];
  return capability === 'remoteCredit' ? ['remoteCredit', 'queryCredit'] : [capability];
}

type SellOf = Parameters<GridGateway['sell']>[0];

/** Every way in which a call can fail, and what the caller may conclude from it. */
export function gridFailures(
  start: () => Promise<GridHarness>,
  absent: readonly HarnessCapability[] = [],
): void {
  const offered = OPERATION_NAMES.filter(
    (name): name is Asked =>
      name !== 'sendCode' && !absent.some((capability) => operationsOf(capability).includes(name)),
  );

  describe('a call that fails', () => {
    const harness = eachHarness(start);
    const prepare = async (): Promise<{ image: CardImage; sell: SellOf }> => {
      const image = await harness.current.card('CPU').read();
      return { image, sell: sellRequest(await harness.current.gateway.identify(image), ORDER) };
    };

    it.each(SILENT.flatMap((fault) => offered.map((operation) => [operation, fault] as const)))(
      '%s with %s: unknown where it may have happened, unavailable where it has no effect',
      async (operation, fault) => {
        const { image, sell } = await prepare();
        harness.current.fault(operation, fault);
        expect((await failureOf(call(harness.current.gateway, operation, image, sell))).code).toBe(
          OPERATIONS[operation].effect ? 'grid.unknown' : 'grid.unavailable',
        );
      },
    );

    it.runIf(absent.length > 0)('refuses by name what this grid does not offer', async () => {
      const { image, sell } = await prepare();
      for (const operation of absent.flatMap(operationsOf)) {
        expect(await failureOf(call(harness.current.gateway, operation, image, sell))).toEqual({
          code: 'grid.refused',
          refusal: 'other',
        });
      }
    });

    it.each([
      ['before', 'not-found'],
      ['after', 'sold'],
      ['delay', 'sold'],
      ['http-500', 'sold'],
      ['garbage-signature', 'sold'],
      ['other-id', 'sold'],
      ['wrong-amount', 'sold'],
    ] as const)('a sale with %s is unknown, and asking says %s', async (fault, status) => {
      const { sell } = await prepare();
      const { gateway } = harness.current;
      harness.current.fault('sell', fault);
      expect((await failureOf(gateway.sell(sell))).code).toBe('grid.unknown');
      expect((await gateway.queryOriginal(ORDER)).status).toBe(status);
      expect(harness.current.standing()).toHaveLength(status === 'sold' ? 1 : 0);
    });

    it.each(offered)('%s that is delivered twice answers as once', async (operation) => {
      const { image, sell } = await prepare();
      harness.current.fault(operation, 'duplicate');
      const outcome = await call(harness.current.gateway, operation, image, sell).then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      );
      expect(['answered', 'grid.refused']).toContain(outcome);
      expect(harness.current.standing()).toHaveLength(operation === 'sell' ? 1 : 0);
    });

    it('a sale that is delivered twice is one sale', async () => {
      const { sell } = await prepare();
      harness.current.fault('sell', 'duplicate');
      await harness.current.gateway.sell(sell);
      expect(harness.current.standing()).toEqual([{ orderNo: ORDER, faceFen: sell.faceFen }]);
    });

    it.each(offered)('%s with the day cut in the middle answers as ever', async (operation) => {
      const { image, sell } = await prepare();
      const { gateway } = harness.current;
      if (operation !== 'sell') await gateway.sell(sell);
      const outcome = async (): Promise<unknown> =>
        call(gateway, operation, image, sell).then(
          () => 'answered',
          (error: unknown) => (error as { refusal?: string }).refusal,
        );
      harness.current.fault(operation, 'day-cut');
      const over = await outcome();
      expect(over).not.toBeUndefined();
      expect(await outcome()).toBe(over);
      expect(harness.current.standing()).toHaveLength(operation === 'reverse' ? 0 : 1);
    });

    it.each(offered.filter((operation) => OPERATIONS[operation].effect))(
      '%s that arrives long after it was sent again changes nothing more',
      async (operation) => {
        const { image, sell } = await prepare();
        const { gateway } = harness.current;
        if (operation !== 'sell') await gateway.sell(sell);
        harness.current.fault(operation, 'late');
        expect((await failureOf(call(gateway, operation, image, sell))).code).toBe('grid.unknown');
        await call(gateway, operation, image, sell).catch(() => undefined);
        const seen = async (): Promise<unknown> => ({
          standing: harness.current.standing(),
          original: await gateway.queryOriginal(ORDER),
          meter: { ...harness.current.meter('CPU') },
        });
        const before = await seen();
        await harness.current.releaseLate();
        expect(await seen()).toEqual(before);
      },
    );

    it('a sale that is still travelling finds the tombstone', async () => {
      const { sell } = await prepare();
      const { gateway } = harness.current;
      harness.current.fault('sell', 'late');
      expect((await failureOf(gateway.sell(sell))).code).toBe('grid.unknown');
      expect((await gateway.queryOriginal(ORDER)).status).toBe('not-found');
      await gateway.reverse(ORDER, 'not-found');
      await harness.current.releaseLate();
      expect((await gateway.queryOriginal(ORDER)).status).toBe('reversed');
      expect(harness.current.standing()).toEqual([]);
    });

    it('a sale that is still travelling sells when nobody reversed it', async () => {
      const { sell } = await prepare();
      const { gateway } = harness.current;
      harness.current.fault('sell', 'late');
      await failureOf(gateway.sell(sell));
      await harness.current.releaseLate();
      expect((await gateway.queryOriginal(ORDER)).status).toBe('sold');
    });

    it('a reversal that got no answer is asked about', async () => {
      const { sell } = await prepare();
      const { gateway } = harness.current;
      await gateway.sell(sell);
      harness.current.fault('reverse', 'after');
      expect((await failureOf(gateway.reverse(ORDER, 'requested'))).code).toBe('grid.unknown');
      expect(await gateway.queryReversal(ORDER)).toEqual({ status: 'reversed' });
    });

    it.each(offered)('%s goes through a grid that has lost its session keys', async (operation) => {
      const { image, sell } = await prepare();
      harness.current.fault(operation, 'forget-session');
      const outcome = await call(harness.current.gateway, operation, image, sell).then(
        () => 'answered',
        (error: unknown) => (error as { code: string }).code,
      );
      expect(['answered', 'grid.refused']).toContain(outcome);
    });
  });
}
