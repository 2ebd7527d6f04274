import type { OrderView } from '@bianmin/purchase/api/order';

/** One change of one order, as a stream carries it. */
export interface FeedItem {
  /**
   * Time of the change, ms since the epoch: grows with time, and is what `Last-Event-ID` carries. Two changes
   * may share one; a reader tells newer from older by `view.version`, order by order.
   */
  readonly id: number;
  readonly view: OrderView;
}

/** How changes of orders reach the terminals that watch them. A hint, never a fact: polling tells the same. */
export interface OrderFeed {
  /**
   * The terminal's orders that changed at or after `sinceId`, each as it is now, oldest first, at most 100.
   * Items already seen may come again.
   */
  changedSince(terminalId: string, sinceId: number): Promise<readonly FeedItem[]>;
  /** Calls the listener on each change from now on, until the returned function is called. */
  subscribe(terminalId: string, listener: (item: FeedItem) => void): Promise<() => Promise<void>>;
}
