import { randomInt } from 'node:crypto';
import type { Clock } from '@bianmin/card/clock';
import type { z } from 'zod';
import type { EvidenceBody, issueBody } from '../../src/gateways/invoice/wire.ts';

type Issue = z.output<typeof issueBody>;

interface Kept {
  readonly request: Issue;
  readonly at: number;
  evidence: EvidenceBody;
}

/** What the next request meets; used up one by one. */
export type InvoiceFault = 'lost-answer' | 'lost-request' | 'busy' | 'unsigned' | 'refuse';

/** A tax platform's books: what was asked for, what was issued, what was cancelled. */
export class InvoiceBooks {
  readonly kept = new Map<string, Kept>();
  /** How long an ordinary request is worked on, ms. */
  workMs = 0;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #url: () => string;
  #serial = randomInt(1_000_000);

  constructor(init: { clock: Pick<Clock, 'now'>; url: () => string }) {
    this.#clock = init.clock;
    this.#url = init.url;
  }

  issue(request: Issue, refuse: boolean): EvidenceBody {
    const { requestNo } = request;
    const known = this.kept.get(requestNo);
    if (known !== undefined) {
      const same = JSON.stringify(known.request) === JSON.stringify(request);
      return same ? this.query(requestNo) : refused(requestNo, 'the number is in use for something else');
    }
    const kept: Kept = { request, at: this.#clock.now(), evidence: { status: 'accepted', requestNo } };
    const problem = refuse ? 'refused by a knob' : this.#problemWith(request);
    if (problem !== undefined) kept.evidence = refused(requestNo, problem);
    this.kept.set(requestNo, kept);
    return this.query(requestNo);
  }

  query(requestNo: string): EvidenceBody {
    const kept = this.kept.get(requestNo);
    if (kept === undefined) return { status: 'not-found', requestNo };
    if (kept.evidence.status === 'accepted' && this.#clock.now() - kept.at >= this.workMs) {
      this.#serial += 1;
      const number = `26${String(this.#serial).padStart(18, '0')}`;
      kept.evidence = {
        status: 'issued',
        requestNo,
        number,
        issuedAt: new Date(this.#clock.now()).toISOString(),
        url: `${this.#url()}/pdf/${number}`,
      };
    }
    return kept.evidence;
  }

  /** Issued and not cancelled, fen; what a tax inspector would add up. */
  standing(): { orderNo: string; totalFen: number }[] {
    const issued = [...this.kept.values()].filter(({ evidence }) => evidence.status === 'issued');
    const cancelled = new Set(issued.map(({ request }) => request.cancels));
    return issued
      .filter(
        ({ request, evidence }) =>
          request.cancels === undefined && evidence.status === 'issued' && !cancelled.has(evidence.number),
      )
      .map(({ request: { orderNo, totalFen } }) => ({ orderNo, totalFen }));
  }

  #problemWith({ cancels, totalFen }: Issue): string | undefined {
    if (cancels === undefined) return undefined;
    const original = [...this.kept.values()].find(
      ({ evidence }) => evidence.status === 'issued' && evidence.number === cancels,
    );
    if (original === undefined || original.request.cancels !== undefined) return 'no such invoice';
    if (original.request.totalFen !== totalFen) return 'the amount is not the original one';
    const again = [...this.kept.values()].some(
      ({ request, evidence }) => request.cancels === cancels && evidence.status !== 'refused',
    );
    return again ? 'cancelled already' : undefined;
  }
}

function refused(requestNo: string, reason: string): EvidenceBody {
  return { status: 'refused', requestNo, reason };
}
