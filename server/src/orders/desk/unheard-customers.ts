import type { GridGateway } from '../../gateways/grid/contract.ts';
import type { GridCustomer } from '../../gateways/grid/customers.ts';
import type { MeterReading } from '../../gateways/grid/meter-reading.ts';
import type { MeterReadings } from './meter-readings.ts';
import type { DescribedCustomer, RemoteOrders } from './remote-orders.ts';

/** Customers of whose last purchase nothing was heard: their meters are asked. */
export class UnheardCustomers {
  readonly #grid: Pick<GridGateway, 'identifyCustomer'>;
  readonly #readings: Pick<MeterReadings, 'of'>;
  readonly #remote: Pick<RemoteOrders, 'describe'>;

  constructor(init: {
    grid: Pick<GridGateway, 'identifyCustomer'>;
    readings: Pick<MeterReadings, 'of'>;
    remote: Pick<RemoteOrders, 'describe'>;
  }) {
    this.#grid = init.grid;
    this.#readings = init.readings;
    this.#remote = init.remote;
  }

  /**
   * As `RemoteOrders.describe`, and `meter.live` where the meter was heard: a purchase that is then still not in it is not in
   * it. Fails as that does.
   */
  async describe(customerNo: string, ownerId: string): Promise<DescribedCustomer> {
    const customer = await this.#grid.identifyCustomer(customerNo).catch(() => undefined);
    const asks = customer !== undefined && !customer.previousInserted;
    const reading = asks ? await this.#readings.of(customer) : null;
    const described = await this.#remote.describe(customerNo, ownerId);
    if (reading === null || (described.blocked !== null && !lacks(reading, customer))) return described;
    const { balanceFen, readAt } = reading;
    const meter = { ...described.meter, balanceFen, readAt: new Date(readAt).toISOString(), live: true };
    return { ...described, meter };
  }
}

/** Otherwise the grid goes on asking for what its own meter has: what stands in the way is not said of the meter. */
function lacks({ count }: MeterReading, customer: GridCustomer | undefined): boolean {
  return customer !== undefined && count < customer.soldCount;
}
