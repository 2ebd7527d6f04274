import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bindingList, bindingView, type BindingView } from '@bianmin/purchase/api/payer';
import { NO_FAULTS } from '../../testing/faults.ts';
import { FakePhone, openResidentWorld, type ResidentWorld } from '../../testing/resident-world.ts';

let world: ResidentWorld;
let phone: FakePhone;
beforeAll(async () => {
  world = await openResidentWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  // Every test begins in a new day: nothing that another counted is left.
  world.clock.jump(2 * 86_400_000);
  world.grid.fails = false;
  phone = await FakePhone.begin(world.url);
});

function household(): string {
  return world.orders.customerOf(world.orders.household());
}

async function ask(customerNo: string, by = phone): Promise<string> {
  const before = world.sent.length;
  const { status, body } = await by.call('POST', 'bindings/code', { customerNo });
  expect(status, JSON.stringify(body)).toBe(202);
  await world.residents.codes.idle();
  return world.sent[before]?.code ?? '';
}

async function bind(customerNo: string, by = phone): Promise<BindingView> {
  const code = await ask(customerNo, by);
  const { status, body } = await by.call('POST', 'bindings', { customerNo, code });
  expect(status, JSON.stringify(body)).toBe(201);
  return bindingView.parse(body);
}

function wrong(code: string): string {
  return code === '000000' ? '000001' : '000000';
}

async function everythingStored(): Promise<string> {
  const collections = (await world.t.db.db?.listCollections().toArray()) ?? [];
  const all = await Promise.all(collections.map(({ name }) => world.t.db.collection(name).find().toArray()));
  return JSON.stringify(all);
}

describe('binding a household', () => {
  it('needs the code of the registered phone, shows the household masked, and keeps no number or code in clear', async () => {
    const customerNo = household();
    const code = await ask(customerNo);
    expect(code).toMatch(/^\d{6}$/);
    expect(await everythingStored()).not.toContain(code);
    const { body } = await phone.call('POST', 'bindings', { customerNo, code });
    const binding = bindingView.parse(body);
    expect(binding.customer.customerNo).toBe(`****${customerNo.slice(-4)}`);
    expect(JSON.stringify(binding)).not.toContain(customerNo);
    expect(await everythingStored()).not.toContain(customerNo);
    const token = phone.cookie?.split('=')[1] ?? '';
    expect(token).toHaveLength(43);
    expect(await everythingStored()).not.toContain(token);
  });

  it('takes several households of a family, and each of them only once', async () => {
    const numbers = [household(), household()];
    const bound = [];
    for (const number of numbers) {
      bound.push(await bind(number));
      world.clock.jump(1);
    }
    world.clock.jump(world.policy.resendMs);
    expect((await bind(numbers[0] ?? '')).id).toBe(bound[0]?.id);
    const list = bindingList.parse((await phone.call('GET', 'bindings')).body);
    expect(list.bindings.map(({ id }) => id)).toEqual(bound.map(({ id }) => id));
  });

  it('takes a code once, before its time is over, and not from another phone', async () => {
    const customerNo = household();
    const code = await ask(customerNo);
    const other = await FakePhone.begin(world.url);
    expect((await other.call('POST', 'bindings', { customerNo, code })).body).toMatchObject({
      code: 'binding.code-spent',
    });
    expect((await phone.call('POST', 'bindings', { customerNo, code })).status).toBe(201);
    expect((await phone.call('POST', 'bindings', { customerNo, code })).body).toMatchObject({
      code: 'binding.code-spent',
    });
    world.clock.jump(world.policy.resendMs);
    const late = await ask(customerNo);
    world.clock.jump(world.policy.codeMs);
    expect((await phone.call('POST', 'bindings', { customerNo, code: late })).body).toMatchObject({
      code: 'binding.code-spent',
    });
  });

  it('survives four wrong codes and not a fifth, also when they come at once', async () => {
    const customerNo = household();
    const code = await ask(customerNo);
    const tries = await Promise.all(
      Array.from({ length: 5 }, () => phone.call('POST', 'bindings', { customerNo, code: wrong(code) })),
    );
    expect(tries.filter(({ status }) => status === 422)).toHaveLength(5);
    expect((await phone.call('POST', 'bindings', { customerNo, code })).body).toMatchObject({
      code: 'binding.code-spent',
    });
  });

  it('keeps the code good while the grid is away', async () => {
    const customerNo = household();
    const code = await ask(customerNo);
    world.orders.grid.fault = () => 'unavailable';
    const away = await phone.call('POST', 'bindings', { customerNo, code });
    world.orders.grid.fault = NO_FAULTS;
    expect(away.body).toMatchObject({ code: 'grid.unavailable' });
    expect((await phone.call('POST', 'bindings', { customerNo, code })).status).toBe(201);
  });

  it('answers a number that no household has exactly as one that a household has', async () => {
    const known = household();
    const answers = [];
    for (const customerNo of [known, '999900001111']) {
      const asked = await phone.call('POST', 'bindings/code', { customerNo });
      const again = await phone.call('POST', 'bindings/code', { customerNo });
      await world.residents.codes.idle();
      // The sandbox's grid texts no unknown number; ours is asked in both cases; the resident is told the same.
      const code = world.sent.find((each) => each.customerNo === customerNo)?.code ?? '';
      const guesses = [];
      for (let guess = 0; guess < 6; guess += 1) {
        const { status, body } = await phone.call('POST', 'bindings', { customerNo, code: wrong(code) });
        guesses.push([status, (body as { code: string }).code]);
      }
      answers.push([asked.status, asked.body, again.status, (again.body as { code: string }).code, guesses]);
    }
    expect(answers[0]).toEqual(answers[1]);
  });

  it('texts one number once a minute and three times an hour, whichever phone asks', async () => {
    const customerNo = household();
    await ask(customerNo);
    const soon = await phone.call('POST', 'bindings/code', { customerNo });
    expect(soon).toMatchObject({ status: 429, body: { code: 'request.rate-limited' } });
    for (let more = 0; more < 2; more += 1) {
      world.clock.jump(world.policy.resendMs);
      await ask(customerNo, await FakePhone.begin(world.url));
    }
    world.clock.jump(world.policy.resendMs);
    const other = await FakePhone.begin(world.url);
    expect((await other.call('POST', 'bindings/code', { customerNo })).status).toBe(429);
    world.clock.jump(3_600_000);
    await ask(customerNo, other);
  });

  it('is kept from nobody by a stranger who guesses its number all day', async () => {
    const customerNo = household();
    for (let stranger = 0; stranger < 4; stranger += 1) {
      const guesser = await FakePhone.begin(world.url);
      const code = await ask(customerNo, guesser);
      for (let guess = 0; guess < 5; guess += 1) {
        await guesser.call('POST', 'bindings', { customerNo, code: wrong(code) });
      }
      world.clock.jump(30 * 60_000);
    }
    await bind(customerNo);
  });

  it('ends for the day for a phone that guesses, whichever household', async () => {
    const guesser = await FakePhone.begin(world.url);
    const statuses = [];
    for (let guess = 0; guess < 20; guess += 1) {
      const tried = { customerNo: household(), code: '000000' };
      statuses.push((await guesser.call('POST', 'bindings', tried)).status);
    }
    expect(statuses.filter((status) => status === 422)).toHaveLength(15);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });

  it('says nothing of a grid that does not text: another code can be asked for a minute later', async () => {
    const customerNo = household();
    world.grid.fails = true;
    expect((await phone.call('POST', 'bindings/code', { customerNo })).status).toBe(202);
    await world.residents.codes.idle();
    world.grid.fails = false;
    world.clock.jump(world.policy.resendMs);
    await bind(customerNo);
  });

  it('lets the newest phone take the place of the one that was used least, beyond five', async () => {
    const customerNo = household();
    await bind(customerNo);
    for (let more = 0; more < 5; more += 1) {
      // More than five texts in a day would not go out.
      world.clock.jump(86_400_000);
      await bind(customerNo, await FakePhone.begin(world.url));
    }
    const list = bindingList.parse((await phone.call('GET', 'bindings')).body);
    expect(list.bindings).toEqual([]);
  });

  it('stops at eight households', async () => {
    for (let one = 0; one < 8; one += 1) {
      world.clock.jump(86_400_000);
      await bind(household());
    }
    world.clock.jump(86_400_000);
    const customerNo = household();
    const code = await ask(customerNo);
    expect((await phone.call('POST', 'bindings', { customerNo, code })).body).toMatchObject({
      code: 'binding.too-many',
    });
  });

  it('writes the trail, with phones by their ids and customers by their sealed numbers', async () => {
    const customerNo = household();
    const { id } = await bind(customerNo);
    await phone.call('DELETE', `bindings/${id}`);
    const entries = await world.access.stores.audit.find({ limit: 3 });
    expect(entries.map(({ action }) => action)).toEqual(['binding.remove', 'binding.make', 'binding.ask']);
    expect(JSON.stringify(entries)).not.toContain(customerNo);
  });
});

describe('a phone', () => {
  it('sees and removes its own households only, and takes them with it when it goes', async () => {
    const { id } = await bind(household());
    const other = await FakePhone.begin(world.url);
    for (const path of [`bindings/${id}`, `bindings/${id}/proof`]) {
      const method = path.endsWith('proof') ? 'POST' : 'GET';
      expect((await other.call(method, path)).body).toMatchObject({ code: 'binding.not-found' });
    }
    expect((await other.call('DELETE', `bindings/${id}`)).status).toBe(404);
    const cookie = phone.cookie;
    expect((await phone.call('DELETE', 'session')).status).toBe(204);
    phone.cookie = cookie;
    expect((await phone.call('GET', 'bindings')).status).toBe(401);
    expect(await everythingStored()).not.toContain(id.concat('","payerId'));
  });

  it('is stretched by use and forgotten without', async () => {
    const { id } = await bind(household());
    for (let month = 0; month < 12; month += 1) {
      world.clock.jump(30 * 86_400_000);
      expect((await phone.call('GET', `bindings/${id}`)).status).toBe(200);
    }
    world.clock.jump(world.policy.sessionMs);
    expect((await phone.call('GET', 'bindings')).body).toMatchObject({ code: 'auth.required' });
  });

  it('does nothing for a page of another site', async () => {
    phone.site = 'cross-site';
    expect((await phone.call('GET', 'bindings')).body).toMatchObject({ code: 'auth.forbidden' });
    phone.site = '';
    phone.header = undefined;
    expect((await phone.call('DELETE', 'session')).body).toMatchObject({ code: 'auth.forbidden' });
    expect((await phone.call('POST', 'session')).body).toMatchObject({ code: 'auth.forbidden' });
  });

  it('has a cookie that scripts cannot read and other sites do not get', async () => {
    const response = await fetch(`${world.url}/v1/payer/session`, {
      method: 'POST',
      headers: { 'x-bianmin-payer': '1' },
    });
    expect(response.headers.get('set-cookie')).toMatch(
      /; Path=\/v1\/payer; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
  });
});

describe('a proof', () => {
  async function proofOf(customerNo: string): Promise<string> {
    const { id } = await bind(customerNo);
    const { body } = await phone.call('POST', `bindings/${id}/proof`);
    return (body as { proof: string }).proof;
  }
  const shown = (proof: string, customerNo: string, use: 'describe' | 'order', terminalId = 'kiosk-a') =>
    world.residents.proofs.check({ proof, customerNo, use, terminalId });

  it('lets one terminal look, and sell once', async () => {
    const customerNo = household();
    const proof = await proofOf(customerNo);
    expect(await shown(proof, customerNo, 'describe')).toBe(true);
    expect(await shown(proof, customerNo, 'describe')).toBe(true);
    expect(await shown(proof, customerNo, 'order', 'kiosk-b')).toBe(false);
    const both = await Promise.all([shown(proof, customerNo, 'order'), shown(proof, customerNo, 'order')]);
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(await shown(proof, customerNo, 'order')).toBe(false);
  });

  it('is good for its own household, for five minutes, for five tries at a terminal', async () => {
    const [mine, other] = [household(), household()];
    let proof = await proofOf(mine);
    expect(await shown(proof, other, 'describe')).toBe(false);
    world.clock.jump(world.policy.proofMs);
    expect(await shown(proof, mine, 'order')).toBe(false);
    proof = await proofOf(mine);
    const guess = () => shown(wrong(proof), mine, 'order', 'kiosk-g');
    for (let tried = 0; tried < 5; tried += 1) expect(await guess()).toBe(false);
    await expect(guess()).rejects.toMatchObject({ code: 'request.rate-limited' });
    await expect(shown(proof, mine, 'order', 'kiosk-g')).rejects.toMatchObject({ retryAfterS: 300 });
    // What was guessed there spends nothing anywhere else.
    expect(await shown(proof, mine, 'order')).toBe(true);
  });
});
