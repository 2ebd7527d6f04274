import type { Clock } from '@bianmin/card/clock';
import { Approvals } from '../access/approvals.ts';
import type { AuditRecord, AuditTrail } from '../access/audit.ts';
import type { Approval } from '../access/store/approvals.ts';
import { MemoryApprovalClaims, MemoryApprovals } from './memory-approvals.ts';
import { BORIS, HERE } from './staff-members.ts';

/** Two persons' decisions, and what is recorded of them, in memory. */
export class MemoryOffice {
  readonly store = new MemoryApprovals();
  /** What was recorded, oldest first. */
  readonly recorded: AuditRecord[] = [];
  readonly approvals: Approvals;

  constructor(clock: Clock) {
    const claims = new MemoryApprovalClaims();
    this.approvals = new Approvals({ store: this.store, claims, audit: this.audit, clock });
  }

  /** For who asks for the trail in the database. */
  get audit(): AuditTrail {
    const record: AuditTrail['record'] = (entry) => Promise.resolve(void this.recorded.push(entry));
    return { record } as AuditTrail;
  }

  /** A second person allows what was asked for. */
  allow({ _id }: Pick<Approval, '_id'>, over: Partial<Parameters<Approvals['decide']>[0]> = {}) {
    return this.approvals.decide({ id: _id, checker: BORIS, accept: true, where: HERE, ...over });
  }
}
