import type { Clock } from '@bianmin/card/clock';
import type { ExportRequest } from '@bianmin/purchase/api/exports';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { Export } from './export.ts';
import type { ExportStore } from './export-store.ts';
import { KEEP_MS } from './runner.ts';

/** That wait or are written, of one user. */
const MAX_UNFINISHED = 3;
const SHOWN = 50;

/** Files that staff ask for: each is its owner's, and no other user sees that it is there. */
export class Exports {
  readonly #store: ExportStore;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;

  constructor(init: { store: ExportStore; audit: AuditTrail; clock: Clock }) {
    this.#store = init.store;
    this.#audit = init.audit;
    this.#clock = init.clock;
  }

  list(owner: string): Promise<Export[]> {
    return this.#store.ofOwner(owner, SHOWN);
  }

  /** Throws `export.too-many`, `order.idempotency-mismatch`. */
  async request(body: ExportRequest, by: AdminPrincipal, where: Where): Promise<Export> {
    const { key, ...request } = body;
    const known = await this.#store.get(key);
    if (known !== null) return same(known, by);
    if ((await this.#store.unfinished(by.userId)) >= MAX_UNFINISHED) {
      throw new ProblemError({
        code: 'export.too-many',
        message: `${MAX_UNFINISHED} of your exports are unfinished. Wait for one, or cancel one.`,
      });
    }
    const wanted: Export = {
      ...{ _id: key, owner: { id: by.userId, name: by.name }, scope: by.scope, request },
      ...{ status: 'queued', attempt: 0, rows: 0, bytes: 0, chunks: 0 },
      createdAt: new Date(this.#clock.now()),
    };
    const { customerNo, ...shown } = request.search;
    const data = { ...request, search: shown, ofCustomer: customerNo !== undefined };
    await this.#audit.record(byAdmin(by, { action: 'export.request', target: key, where, data }));
    if ((await this.#store.insert(wanted)) === 'inserted') return wanted;
    return same(await this.get(key, by.userId), by);
  }

  /** Throws `request.not-found`, also for another's. */
  async get(id: string, owner: string): Promise<Export> {
    const found = await this.#store.get(id);
    const expired = found?.expiresAt !== undefined && found.expiresAt.getTime() <= this.#clock.now();
    if (found?.owner.id === owner && !expired) return found;
    throw new ProblemError({
      code: 'request.not-found',
      message: 'You have no such export, or it has expired. Ask for it again.',
    });
  }

  /** One that is over stays as it is. */
  async cancel(id: string, by: AdminPrincipal, where: Where): Promise<Export> {
    const found = await this.get(id, by.userId);
    await this.#audit.record(byAdmin(by, { action: 'export.cancel', target: id, where, data: {} }));
    const now = this.#clock.now();
    const over = { endedAt: new Date(now), expiresAt: new Date(now + KEEP_MS) };
    // Its writer sees it at the end of its page and removes what it wrote; of one that waited there is nothing.
    await this.#store.cancel(found._id, over);
    return this.get(id, by.userId);
  }

  /** The file, once it is whole. Throws `request.not-found`, `export.not-ready`. */
  async fetch(
    id: string,
    by: AdminPrincipal,
    where: Where,
  ): Promise<{ of: Export; file: AsyncIterable<Buffer> }> {
    const of = await this.get(id, by.userId);
    if (of.status !== 'done') {
      throw new ProblemError({ code: 'export.not-ready', message: `This export is ${of.status}.` });
    }
    await this.#audit.record(
      byAdmin(by, { action: 'export.fetch', target: id, where, data: { rows: of.rows, bytes: of.bytes } }),
    );
    return { of, file: this.#store.file(of) };
  }
}

function same(known: Export, by: AdminPrincipal): Export {
  if (known.owner.id === by.userId) return known;
  throw new ProblemError({
    code: 'order.idempotency-mismatch',
    message: 'This key was used for something else. Choose another.',
  });
}
