import type { OrderStore } from '../orders/store/orders.ts';
import { aboutMeters } from './order-store-contract/about-meter.ts';
import { ordersWithCashOwed } from './order-store-contract/cash-owed.ts';
import { dueOrders } from './order-store-contract/due.ts';
import { oneOfMany } from './order-store-contract/one-of-many.ts';
import { purchasesOfHouseholds } from './order-store-contract/purchases.ts';
import { ordersWithRefunds } from './order-store-contract/refunds.ts';
import { searchedOrders } from './order-store-contract/search.ts';
import { storedOrders } from './order-store-contract/stored-orders.ts';
import { timesOfParts } from './order-store-contract/times-of-parts.ts';

/** What every order store must do; run it on each database engine that is there. */
export function orderStoreContract(name: string, open: () => OrderStore): void {
  storedOrders(name, open);
  oneOfMany(name, open);
  ordersWithRefunds(name, open);
  ordersWithCashOwed(name, open);
  purchasesOfHouseholds(name, open);
  searchedOrders(name, open);
  dueOrders(name, open);
  aboutMeters(name, open);
  timesOfParts(name, open);
}
