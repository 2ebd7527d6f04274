import type { MarkStore } from '../orders/store/marks.ts';
import type { ChangedOrder, ChangeMark, OrderChanges } from '../orders/store/order-changes.ts';

/** How far each projector has come, in memory: it only goes on. */
export class MemoryMarks {
  readonly marks = new Map<string, ChangeMark>();

  /** For who asks for those in the database. */
  get store(): MarkStore {
    return this as unknown as MarkStore;
  }

  get(projector: string): Promise<ChangeMark> {
    return Promise.resolve(this.marks.get(projector) ?? { at: new Date(0), orderNo: '' });
  }

  advance(projector: string, mark: ChangeMark): Promise<void> {
    const known = this.marks.get(projector);
    if (known === undefined || known.at < mark.at) this.marks.set(projector, mark);
    return Promise.resolve();
  }
}

/** Orders in memory by when they changed. */
export class MemoryChanges {
  orders: ChangedOrder[] = [];
  /** From which moment on was asked, each time. */
  readonly asked: Date[] = [];

  /** For who asks for those in the database. */
  get store(): OrderChanges {
    return this as unknown as OrderChanges;
  }

  after({ at, orderNo }: ChangeMark, limit: number): Promise<ChangedOrder[]> {
    this.asked.push(at);
    const after = this.orders.filter(
      ({ _id, updatedAt }) => updatedAt > at || (updatedAt.getTime() === at.getTime() && _id > orderNo),
    );
    after.sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime() || (a._id < b._id ? -1 : 1));
    return Promise.resolve(after.slice(0, limit));
  }
}
