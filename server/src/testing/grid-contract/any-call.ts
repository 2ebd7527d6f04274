import type { CardImage } from '@bianmin/card/meter-card/image';
import type { GridGateway } from '../../gateways/grid/contract.ts';
import { OPERATION_NAMES, type Operation } from '../../gateways/grid/wire/operations.ts';
import type { GridHarness, HarnessCapability } from '../grid-harness.ts';
import { ORDER, sellRequest } from './kit.ts';

const TERMINAL = `t${'0'.repeat(30)}`;

/** Operations of the gateway's; texting a code is a port of its own (`BindingCodes`). */
export type Asked = Exclude<Operation, 'sendCode'>;

/** Calls one operation of an order on a card; what it answers is not looked at. */
export function call(
  gateway: GridGateway,
  operation: Asked,
  image: CardImage,
  sell: SellOf,
): Promise<unknown> {
  switch (operation) {
    case 'identify':
      return gateway.identify(image);
    case 'sell':
      return gateway.sell(sell);
    case 'payAccount': {
      const { customerNo, meterNo, faceFen } = sell;
      return gateway.payAccount({ orderNo: ORDER, customerNo, meterNo, faceFen });
    }
    case 'vendorCredit':
      return gateway.vendorCredit();
    case 'readMeter':
      return gateway.readMeter({ customerNo: sell.customerNo, meterNo: sell.meterNo });
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
    case 'cancelPlan':
      return gateway.cancelPlan(ORDER, image);
    case 'confirmCancel':
      return gateway.confirmCancel(ORDER, '');
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

/** The operations of what a grid may not offer. */
export function operationsOf(capability: HarnessCapability): Asked[] {
  // Facts in the answers of others, and cards.
  if (capability === 'ceiling' || capability === 'creditWithSale' || capability === 'secondMaker') return [];
  if (capability === 'account') return ['payAccount'];
  if (capability === 'cardTasks') return ['cardTasks', 'cardStep', 'endCardTask'];
  return capability === 'remoteCredit' ? ['remoteCredit', 'queryCredit'] : [capability];
}

type SellOf = Parameters<GridGateway['sell']>[0];

/** The operations of a grid that does not offer `absent`. */
export function offeredOperations(absent: readonly HarnessCapability[]): Asked[] {
  return OPERATION_NAMES.filter(
    (name): name is Asked =>
      name !== 'sendCode' && !absent.some((capability) => operationsOf(capability).includes(name)),
  );
}

/** A CPU card as it was read, and the sale that may follow on it. */
export async function saleOnCpu(harness: GridHarness): Promise<{ image: CardImage; sell: SellOf }> {
  const image = await harness.card('CPU').read();
  return { image, sell: sellRequest(await harness.gateway.identify(image), ORDER) };
}
