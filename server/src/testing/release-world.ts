import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@bianmin/card/testing/manual-clock';
import { PROVINCE } from '@bianmin/purchase/api/org';
import type { ReleaseOffer } from '@bianmin/purchase/api/release-offer';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { rootFile, uploadRelease, type MadeRelease } from './release-kit.ts';
import { SimulatedKiosk } from './simulated-kiosk.ts';
import { staffMember } from './staff-world.ts';
import { ADMIN_PASSWORD, openTestWeb, type TestWeb } from './web.ts';

const URUMQI = [PROVINCE, '650100'];

interface ReleaseWorldInit {
  readonly on: TestWeb;
  /** Where releases are kept. */
  readonly folder: string;
  readonly clock: ManualClock;
  /** Of the administrator. */
  readonly token: string;
  readonly kiosk: SimulatedKiosk;
  readonly boxes: readonly SimulatedKiosk[];
}

/** Those who sign the releases of these tests. */
export const SIGNERS = new ReleaseSigners();

/** A real web process that takes releases, with a kiosk and twelve boxes that ask it. */
export class ReleaseWorld {
  readonly on: TestWeb;
  readonly folder: string;
  readonly clock: ManualClock;
  token: string;
  readonly kiosk: SimulatedKiosk;
  readonly boxes: readonly SimulatedKiosk[];

  private constructor(init: ReleaseWorldInit) {
    this.on = init.on;
    this.folder = init.folder;
    this.clock = init.clock;
    this.token = init.token;
    this.kiosk = init.kiosk;
    this.boxes = init.boxes;
  }

  static async open(): Promise<ReleaseWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'releases-'));
    const clock = new ManualClock();
    const own = {
      RELEASE_DIR: folder,
      RELEASE_ROOT_FILE: rootFile(`${folder}.roots`, SIGNERS),
      RELEASE_PUBLIC_KEY: SIGNERS.three[0].publicKey,
      RELEASE_BYTES_PER_S: 0,
    };
    const on = await openTestWeb(own, clock);
    const token = await tokenAt(on);
    const made = { url: on.web.url, clock, terminals: on.web.fleet.terminals, orgPath: URUMQI };
    const kiosk = await SimulatedKiosk.accepted(made);
    const boxes = await Promise.all(
      Array.from({ length: 12 }, () => SimulatedKiosk.accepted({ ...made, kind: 'box' })),
    );
    return new ReleaseWorld({ on, folder, clock, token, kiosk, boxes });
  }

  /** Anew, after a session has ended. */
  async logIn(): Promise<void> {
    this.token = await tokenAt(this.on);
  }

  /** Forgets every release and rollout. */
  async clear(): Promise<void> {
    const { folder } = this;
    await Promise.all(
      ['releases', 'rollouts', 'rollout_terminals'].map((name) =>
        this.on.t.db.collection(name).deleteMany({}),
      ),
    );
    await Promise.all((await readdir(folder)).map((name) => rm(join(folder, name), { recursive: true })));
  }

  async close(): Promise<void> {
    await this.on.close();
    await Promise.all([rm(this.folder, { recursive: true }), rm(`${this.folder}.roots`)]);
  }

  /** As the administrator; bytes go as they are, all else as JSON. */
  async call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const isBytes = body instanceof Uint8Array;
    const answer = await fetch(`${this.on.web.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined
          ? {}
          : { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isBytes ? Uint8Array.from(body) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }

  /** Uploads it and lets all have it. */
  async rolledOut(made: MadeRelease, rules: Record<string, unknown> = {}): Promise<void> {
    await uploadRelease(this.on.web.url, this.token, made);
    const { body } = await this.call('POST', '/v1/admin/rollouts', { ...rulesOf(made), ...rules });
    const where = { ip: '', traceId: '' };
    const id = String(body['id']);
    await this.on.web.access.approvals.decide({ id, checker: staffMember('second'), accept: true, where });
  }

  /** What the kiosk is offered once all may have it. */
  async offered(made: MadeRelease): Promise<ReleaseOffer> {
    await this.rolledOut(made);
    const offer = await this.kiosk.ask();
    if (offer === undefined) throw new Error('Nothing was offered.');
    return offer;
  }
}

async function tokenAt(on: TestWeb): Promise<string> {
  const login = await fetch(`${on.web.url}/v1/admin/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'admin', password: ADMIN_PASSWORD }),
  });
  return ((await login.json()) as { token: string }).token;
}

function rulesOf({ id }: MadeRelease): Record<string, unknown> {
  return {
    ...{ key: crypto.randomUUID(), release: id, org: PROVINCE, terminals: [], reason: 'a test' },
    stages: [{ permille: 1000, soakS: 0, successPermille: 900, next: 'approval' }],
    ...{ errorPermille: 50, leastBad: 2, faultFactor: 0, onErrors: 'stop' },
  };
}

/** Its first file: name and bytes. */
export function programOf(made: MadeRelease): [string, Buffer] {
  return [...made.files][0] ?? ['', Buffer.alloc(0)];
}
