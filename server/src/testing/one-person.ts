import type { Context } from 'koa';
import type { AdminPrincipal } from '../kernel/principal.ts';
import { PERMISSIONS, type Permission } from '../kernel/permissions.ts';
import { ADMINISTRATOR } from '../access/roles.ts';
import { FloatStore } from '../money/float/float-store.ts';
import { FloatDesk } from '../money/float/desk.ts';
import { Floats } from '../money/float/floats.ts';
import { HERE, type FreshAccess } from './fresh-access.ts';

const PASSWORD = 'eve knows this one by heart';
const OTHERS = 'nobody but its owner knows it';
const FLOAT = 'tianshan-1';
const HOUR_MS = 3_600_000;

/** Something that the person does: as one of those whom they can log in as, to one of what there is. */
export type Act = readonly [what: ActName, as: number, to: number];
export type ActName = keyof typeof ACTS;

/** What the person has to work with. */
interface Hand {
  readonly world: OnePerson;
  readonly as: AdminPrincipal;
  readonly pick: <T>(of: readonly T[]) => T;
}

/** Everything that an administrator can do about persons, rights and money. Each may be refused. */
const ACTS = {
  create: async ({ world, as, pick }: Hand) => {
    const name = `puppet-${world.names.length}`;
    const roles = pick([[ADMINISTRATOR], ['finance'], ['clerk'], []]);
    await world.access.users.create({ name, password: PASSWORD, roles, maker: as, where: HERE });
    world.names.push(name);
  },
  disable: async ({ world, as, pick }: Hand) => world.access.users.disable(pick(await world.ids()), as, HERE),
  enable: async ({ world, as, pick }: Hand) => world.access.users.enable(pick(await world.ids()), as, HERE),
  roles: async ({ world, as, pick }: Hand) => {
    const { _id, version = 0 } = pick(await world.all());
    const change = { roles: [pick([ADMINISTRATOR, 'finance', 'clerk'])], seen: version };
    await world.access.users.changeRoles(_id, change, as, HERE);
  },
  move: async ({ world, as, pick }: Hand) => {
    const { _id, version = 0 } = pick(await world.all());
    const change = { org: pick(['province', '650100', '653100']), seen: version };
    await world.access.users.moveTo(_id, change, as, HERE);
  },
  role: async ({ world, as, pick }: Hand) => {
    const { name, version } = pick(await world.access.roles.list());
    const permissions = pick<readonly Permission[]>([PERMISSIONS, [], ['float:approve', 'approval:decide']]);
    await world.access.roles.change({ role: name, permissions, seen: version }, as, HERE);
  },
  password: async ({ world, as, pick }: Hand) => {
    const { _id, name } = pick(await world.all());
    await world.access.resets.password(_id, PASSWORD, as, HERE);
    world.names.push(name);
  },
  invite: async ({ world, as, pick }: Hand) => {
    const { _id, name } = pick(await world.all());
    const { invitation } = await world.access.invitations.again(_id, as, HERE);
    world.tokens.push(invitation.path.split('#')[1] ?? '');
    world.names.push(name);
  },
  factor: async ({ world, as, pick }: Hand) =>
    world.access.resets.secondFactor(pick(await world.ids()), as, HERE),
  unlock: async ({ world, as, pick }: Hand) => world.access.users.unlock(pick(await world.ids()), as, HERE),
  topUp: async ({ world, as }: Hand) => {
    const topUp = { fen: 10_000, reference: 'bank-1', reason: 'It came.' };
    await world.floats.requestTopUp(FLOAT, topUp, { maker: as, where: HERE });
  },
  decide: async ({ world, as, pick }: Hand) => {
    const open = await world.access.approvals.list('open', as.scope);
    if (open.length === 0 || !as.permissions.has('approval:decide')) return;
    await world.access.approvals.decide({ id: pick(open)._id, checker: as, accept: true, where: HERE });
  },
  wait: async ({ world }: Hand) => {
    world.fixture.clock.jump(30 * HOUR_MS);
    return Promise.resolve();
  },
};
export const ACT_NAMES = Object.keys(ACTS) as ActName[];

/** An installation of some days with two administrators, one of finance and a clerk, of whom one administrator does what they can. */
export class OnePerson {
  readonly fixture: FreshAccess;
  floats!: Floats;
  store!: FloatStore;
  /** Users whose password the person may know. */
  names: string[] = [];
  /** Of one-time links that the person has in hand. */
  tokens: string[] = [];

  constructor(fixture: FreshAccess) {
    this.fixture = fixture;
  }

  get access(): FreshAccess['access'] {
    return this.fixture.access;
  }

  async begin(): Promise<void> {
    await this.fixture.fresh();
    const { access } = this;
    await access.users.bootstrap(PASSWORD, 'eve');
    const { users } = access.stores;
    await users.putRole({ _id: 'finance', permissions: ['float:approve', 'approval:decide'] });
    await users.putRole({ _id: 'clerk', permissions: ['order:read'] });
    const given = [
      ['boris', ADMINISTRATOR],
      ['carla', 'finance'],
      ['dan', 'clerk'],
    ] as const;
    for (const [name, role] of given) {
      const init = { name, password: OTHERS, roles: [role], maker: await this.#first(), where: HERE };
      const { user } = await access.users.create(init);
      if (user.status === 'proposed') await users.edit(user._id, user.version ?? 0, { status: 'active' });
    }
    this.store = new FloatStore(this.fixture.t.db);
    const desk = new FloatDesk({
      store: this.store,
      orders: { get: () => Promise.resolve(null) },
      clock: this.fixture.clock,
    });
    this.floats = new Floats({ store: this.store, desk, approvals: access.approvals });
    const { clock } = this.fixture;
    await this.store.insert({
      ...{ _id: FLOAT, name: 'Tianshan', terminals: [], balanceFen: 50_000, dayLimitFen: 50_000 },
      ...{ day: '', dayFen: 0, recent: [], version: 1 },
    });
    clock.jump(72 * HOUR_MS);
    this.names = ['eve'];
    this.tokens = [];
  }

  async all() {
    return (await this.access.stores.users.list({ scope: (await this.#first()).scope, limit: 100 })).toSorted(
      (a, b) => (a.name < b.name ? -1 : 1),
    );
  }

  async ids(): Promise<string[]> {
    return (await this.all()).map(({ _id }) => _id);
  }

  async act([what, as, to]: Act): Promise<void> {
    const logins = await this.#logins();
    const me = logins[as % Math.max(1, logins.length)];
    if (me === undefined) return;
    const pick = <T>(of: readonly T[]): T => of[to % of.length] as T;
    // What is refused is refused.
    await ACTS[what]({ world: this, as: me, pick }).catch(() => undefined);
  }

  /** Who may do what, and what the money is. */
  async facts() {
    const users = await this.all();
    const roles = await this.access.stores.users.roles();
    const float = await this.store.get(FLOAT);
    return {
      users: Object.fromEntries(
        users
          .filter(({ status }) => status === 'active')
          .map(({ name, roles: of, scope }) => [name, [...of, scope ?? 'province'].join(' ')]),
      ),
      roles: Object.fromEntries(roles.map(({ _id, permissions }) => [_id, [...permissions].sort()])),
      money: float?.balanceFen,
    };
  }

  /** Everybody as whom the person gets in, past a password of somebody else's making. */
  async #logins(): Promise<AdminPrincipal[]> {
    const found: AdminPrincipal[] = [];
    for (const token of this.tokens) {
      const given = { token, password: PASSWORD };
      await this.access.invitations.accept(given, HERE).catch(() => undefined);
    }
    for (const name of new Set(this.names)) {
      const { access } = this;
      let login = await access.sessions.login(name, PASSWORD).catch(() => undefined);
      if (login?.next === 'password') {
        const by = await access.sessions.authenticate(bearer(login.token));
        await access.users.setOwnPassword(by, PASSWORD, HERE);
        login = await access.sessions.login(name, PASSWORD);
      }
      if (login !== undefined) found.push(await access.sessions.authenticate(bearer(login.token)));
    }
    return found;
  }

  async #first(): Promise<AdminPrincipal> {
    const { token } = await this.access.sessions.login('eve', PASSWORD);
    return this.access.sessions.authenticate(bearer(token));
  }
}

function bearer(token: string): Context {
  const cookies = { get: () => undefined };
  return { get: () => `Bearer ${token}`, set: () => undefined, cookies } as unknown as Context;
}
