import type { AccessServices } from './access.ts';
import type { Cases } from '../cases/cases.ts';
import type { Services } from './orders.ts';
import { ProblemError } from '../kernel/problem.ts';
import { RefundRequests } from '../money/refunds/requests.ts';

/** What staff may do with refunds, wired once for each web process. */
export function createRefunds(init: {
  services: Pick<Services, 'mover' | 'trigger' | 'meters'>;
  access: Pick<AccessServices, 'audit'>;
  cases: Cases;
}): RefundRequests {
  const { mover, trigger, meters } = init.services;
  return new RefundRequests({
    mover,
    trigger,
    audit: init.access.audit,
    askMeter: (order) => meters.ask(order),
    async isCase(caseId, orderNo) {
      try {
        return (await init.cases.get(caseId)).orderNo === orderNo;
      } catch (error) {
        if (error instanceof ProblemError && error.code === 'request.not-found') return false;
        throw error;
      }
    },
  });
}
