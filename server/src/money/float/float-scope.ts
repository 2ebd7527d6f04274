import type { FloatRequest } from '@bianmin/purchase/api/float';
import { ProblemError } from '../../kernel/problem.ts';
import { WHOLE_PROVINCE, type Scope } from '../../kernel/scope.ts';
import type { CommitteeFloat } from './float.ts';
import type { FloatStore } from './float-store.ts';

export interface FloatScopeInit {
  readonly store: Pick<FloatStore, 'get'>;
  /** Which of these terminals stand within a scope. */
  readonly terminals: { amongWithin(ids: readonly string[], scope: Scope): Promise<ReadonlySet<string>> };
}

/**
 * Whose floats are: of whoever has all terminals of one in their scope. One without terminals is the province's, as is what finance
 * allows of any: that money came is seen at the bank, and not by the community that says so.
 */
export class FloatScope {
  readonly #init: FloatScopeInit;

  constructor(init: FloatScopeInit) {
    this.#init = init;
  }

  /** Those of them that are the scope's. */
  async own(floats: readonly CommitteeFloat[], scope: Scope): Promise<CommitteeFloat[]> {
    if (scope === WHOLE_PROVINCE) return [...floats];
    const ids = [...new Set(floats.flatMap(({ terminals }) => terminals))];
    const inside = await this.#init.terminals.amongWithin(ids, scope);
    return floats.filter((float) => standsIn(float.terminals, inside));
  }

  /** Throws `request.not-found` for a float that is not there, or not the scope's. */
  async demand(id: string, scope: Scope): Promise<void> {
    const float = await this.#init.store.get(id);
    if (float !== null && (await this.own([float], scope)).length === 1) return;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such float.' });
  }

  /** Throws `request.not-found` where this would be, or is, a float that is not all the scope's. */
  async demandSettable({ id, terminals }: FloatRequest, scope: Scope): Promise<void> {
    if (scope === WHOLE_PROVINCE) return;
    if ((await this.#init.store.get(id)) !== null) await this.demand(id, scope);
    if (standsIn(terminals, await this.#init.terminals.amongWithin(terminals, scope))) return;
    throw new ProblemError({
      code: 'request.not-found',
      message: 'Name at least one terminal, and only terminals of your own organisation.',
    });
  }
}

function standsIn(terminals: readonly string[], inside: ReadonlySet<string>): boolean {
  return terminals.length > 0 && terminals.every((id) => inside.has(id));
}
