import type { Clock } from '@bianmin/card/clock';
import type {
  ChangeDestination,
  CreateDestination,
  DestinationView,
} from '@bianmin/purchase/api/alert-destinations';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { Where } from '../../access/approvals.ts';
import { byAdmin, type AuditTrail } from '../../access/audit.ts';
import { covers } from '../../kernel/scope.ts';
import type { AdminPrincipal } from '../../access/sessions.ts';
import { changedMeanwhile } from '../../route/precondition.ts';
import { ProblemError } from '../../kernel/problem.ts';
import type { OrgStore } from '../../access/store/orgs.ts';
import type { Destination, DestinationStore } from './destination-store.ts';
import { whyOf } from './send/error.ts';
import { hostOf, type Send } from './send/target.ts';

const TEST = '【便民测试】这是一条测试消息，收到即表示告警可以送达。';

export interface DestinationsInit {
  readonly store: DestinationStore;
  readonly orgs: OrgStore;
  readonly audit: AuditTrail;
  readonly clock: Clock;
  readonly send: Send;
}

/** Who is told of alerts: of one's own organisation and below. How they are reached goes in and never comes out. */
export class Destinations {
  readonly #init: DestinationsInit;

  constructor(init: DestinationsInit) {
    this.#init = init;
  }

  async list(by: AdminPrincipal): Promise<DestinationView[]> {
    return (await this.#init.store.list(by.scope)).map(viewOf);
  }

  /** Throws `request.not-found`. */
  async get(id: string, by: AdminPrincipal): Promise<DestinationView> {
    return viewOf(await this.#get(id, by));
  }

  /** Throws `request.not-found` of the organisation, `order.idempotency-mismatch`. */
  async create(body: CreateDestination, by: AdminPrincipal, where: Where): Promise<DestinationView> {
    const { store } = this.#init;
    const { key, name, org, step, severity, enabled, target } = body;
    const orgPath = await this.#pathOf(org, by);
    const known = await store.get(key);
    if (known !== null) return this.#same(known, by);
    const made: Destination = {
      ...{ _id: key, name, orgPath, step, severity, enabled, kind: target.kind, host: hostOf(target) },
      ...{ sealed: store.sealed(key, target), failing: null, lastSentAt: null, version: 1 },
    };
    await this.#init.audit.record(
      byAdmin(by, { action: 'alert.add-destination', target: key, where, data: { after: shownOf(made) } }),
    );
    if ((await store.insert(made)) === 'inserted') return viewOf(made);
    return this.#same(await this.#get(key, by), by);
  }

  /** Throws as `create`, and `request.changed-meanwhile`. */
  async change(
    id: string,
    { version, ...body }: ChangeDestination & { version: number },
    by: AdminPrincipal,
    where: Where,
  ): Promise<DestinationView> {
    const { store } = this.#init;
    const before = await this.#get(id, by);
    if (before.version !== version) throw changedMeanwhile(viewOf(before));
    const { name, org, step, severity, enabled, target } = body;
    const orgPath = await this.#pathOf(org, by);
    const set = {
      ...{ name, orgPath, step, severity, enabled },
      ...(target === undefined
        ? {}
        : { kind: target.kind, host: hostOf(target), sealed: store.sealed(id, target), failing: null }),
    };
    const after = { ...before, ...set };
    const data = { before: shownOf(before), after: shownOf(after), otherTarget: target !== undefined };
    await this.#init.audit.record(
      byAdmin(by, { action: 'alert.change-destination', target: id, where, data }),
    );
    const changed = await store.change(id, version, set);
    if (changed === null) throw changedMeanwhile(viewOf(await this.#get(id, by)));
    return viewOf(changed);
  }

  /** Throws `request.not-found`, `request.changed-meanwhile`. */
  async remove(id: string, version: number, by: AdminPrincipal, where: Where): Promise<void> {
    const before = await this.#get(id, by);
    if (before.version !== version) throw changedMeanwhile(viewOf(before));
    await this.#init.audit.record(
      byAdmin(by, {
        action: 'alert.remove-destination',
        target: id,
        where,
        data: { before: shownOf(before) },
      }),
    );
    if (await this.#init.store.remove(id, version)) return;
    throw changedMeanwhile(viewOf(await this.#get(id, by)));
  }

  /** Sends a message now and says what became of it. Throws `request.not-found`. */
  async test(id: string, by: AdminPrincipal, where: Where): Promise<{ ok: boolean; code: string | null }> {
    const { store, send, clock } = this.#init;
    const destination = await this.#get(id, by);
    await this.#init.audit.record(
      byAdmin(by, { action: 'alert.test-destination', target: id, where, data: { name: destination.name } }),
    );
    try {
      await send(store.targetOf(destination), TEST);
    } catch (error) {
      // Of a test that failed the outbox hears nothing: what waits there is tried by itself.
      return { ok: false, code: whyOf(error) };
    }
    await store.reached(id, new Date(clock.now()));
    return { ok: true, code: null };
  }

  async #get(id: string, by: AdminPrincipal): Promise<Destination> {
    const found = await this.#init.store.get(id);
    if (found !== null && covers(by.scope, found.orgPath)) return found;
    throw new ProblemError({ code: 'request.not-found', message: 'There is no such destination.' });
  }

  #same(known: Destination, by: AdminPrincipal): DestinationView {
    if (covers(by.scope, known.orgPath)) return viewOf(known);
    throw new ProblemError({
      code: 'order.idempotency-mismatch',
      message: 'This key was used for something else. Choose another.',
    });
  }

  async #pathOf(org: string, by: AdminPrincipal): Promise<readonly string[]> {
    const path = (await this.#init.orgs.get(org))?.path;
    if (path?.includes(by.scope) === true) return path;
    throw new ProblemError({
      code: 'request.not-found',
      message: 'There is no such organisation within your scope. Choose one from the tree.',
    });
  }
}

function shownOf({
  name,
  orgPath,
  step,
  severity,
  enabled,
  kind,
  host,
}: Destination): Record<string, unknown> {
  return { name, org: orgPath.at(-1) ?? PROVINCE, step, severity, enabled, kind, host };
}

function viewOf(destination: Destination): DestinationView {
  const { _id, name, orgPath, step, severity, enabled, kind, host, failing, lastSentAt, version } =
    destination;
  return {
    ...{ id: _id, name, org: orgPath.at(-1) ?? PROVINCE, step, severity, enabled, kind, host, version },
    failing: failing === null ? null : { since: failing.since.toISOString(), code: failing.code },
    lastSentAt: lastSentAt?.toISOString() ?? null,
  };
}
