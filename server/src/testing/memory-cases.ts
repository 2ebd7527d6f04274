import { covers, type Scope } from '../kernel/scope.ts';
import type { Case } from '../cases/case.ts';
import type { CaseQuery, CaseStore } from '../cases/case-store.ts';

/** Cases in memory, with the store's compare-and-set. */
export class MemoryCaseStore implements CaseStore {
  readonly cases = new Map<string, Case>();

  insert(opened: Case): Promise<'inserted' | 'exists'> {
    if (this.cases.has(opened._id)) return Promise.resolve('exists');
    this.cases.set(opened._id, opened);
    return Promise.resolve('inserted');
  }

  get(id: string): Promise<Case | null> {
    return Promise.resolve(this.cases.get(id) ?? null);
  }

  list(query: CaseQuery, scope: Scope): Promise<Case[]> {
    const found = [...this.cases.values()].filter(
      (each) =>
        (query.ids === undefined || query.ids.includes(each._id)) &&
        (query.status === undefined || each.status === query.status) &&
        (query.kind === undefined || each.kind === query.kind) &&
        (query.orderNo === undefined || each.orderNo === query.orderNo) &&
        (query.owner === undefined || each.owner?.id === query.owner) &&
        (query.before === undefined || each.openedAt < query.before) &&
        covers(scope, each.orgPath),
    );
    found.sort((a, b) => b.openedAt.getTime() - a.openedAt.getTime());
    return Promise.resolve(found.slice(0, query.limit));
  }

  replace(before: Case, after: Case): Promise<'replaced' | 'conflict'> {
    if (this.cases.get(before._id)?.version !== before.version) return Promise.resolve('conflict');
    this.cases.set(after._id, after);
    return Promise.resolve('replaced');
  }
}
