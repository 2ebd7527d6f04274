/**
 * Asks a worker to look at an order. Only a hint: it may be lost, doubled or late, since every order that
 * must be looked at also says so by its own `dueAt`. It never fails and never waits for long.
 */
export interface Trigger {
  /**
   * `cause` tells one reason from another: the same order and cause, while waiting, are one job. False where the
   * queue certainly did not take it.
   */
  request(orderNo: string, cause: string, delayMs?: number): Promise<boolean>;
  close(): Promise<void>;
}
