import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUSEHOLD_PART_BYTES } from '@bianmin/purchase/api/household-file';
import { expectOthersRefused, serveAdmin, type AdminCalls } from '../../../testing/admin-calls.ts';
import { openTestContext, type TestContext } from '../../../testing/context.ts';
import { fileOf, sha256Of } from '../../../testing/household-file-text.ts';
import { HouseholdFileWorld } from '../../../testing/household-file-world.ts';
import { keptLog } from '../../../testing/log-lines.ts';
import { NORTH } from '../../../testing/memory-orgs.ts';
import type { AnyRoute } from '../../../route/route.ts';
import { KEEP_MS } from './fitness.ts';
import { householdFileRoutes } from './routes.ts';

const PATH = '/v1/admin/discounts/household-files';
const NUMBER = '6501000000017';
const FILE = fileOf([`${NUMBER},${NORTH},elderly`, `?${NUMBER},${NORTH},`]);

let t: TestContext;
let w: HouseholdFileWorld;
let routes: AnyRoute[];
let admin: AdminCalls;
const kept = keptLog();
beforeAll(async () => {
  t = await openTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
  w = await HouseholdFileWorld.open(t);
  routes = householdFileRoutes(w.files, w.clock);
  admin = await serveAdmin(routes, kept);
  return () => admin.close();
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}
async function begin(file: Uint8Array): Promise<string> {
  const body = { bytes: file.length, sha256: sha256Of(file) };
  const answer = await admin.call('post', PATH, { body });
  expect(answer).toMatchObject({
    status: 201,
    body: { status: 'receiving', received: 0, own: true, by: 'anna' },
  });
  return String(answer.body['id']);
}
async function put(id: string, offset: number | string, bytes: Uint8Array): Promise<Answer> {
  const answer = await fetch(`${admin.url}${PATH}/${id}/parts?offset=${offset}`, {
    method: 'PUT',
    headers: { authorization: 'Bearer anna', 'content-type': 'application/octet-stream' },
    body: Uint8Array.from(bytes),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('files of households over HTTP', () => {
  it('need their permission, and a password just now where a second person is asked', async () => {
    expect(
      routes.map(({ method, permission, scope, stepUp }) => [method, permission, scope, stepUp]),
    ).toEqual([
      ['get', 'discount:manage', 'own', undefined],
      ['post', 'discount:manage', 'own', undefined],
      ['put', 'discount:manage', 'own', undefined],
      ['post', 'discount:manage', 'own', true],
    ]);
    await expectOthersRefused(admin, routes, (path) =>
      path.replace(':id', '00000000-0000-4000-8000-000000000000'),
    );
  });

  it('are sent, say what is wrong by lines, and are asked for once they are right', async () => {
    const wrong = await begin(FILE);
    expect(await put(wrong, 0, FILE)).toMatchObject({
      status: 200,
      body: { received: FILE.length, rows: 1, wrong: 1, troubles: [{ line: 3, what: 'number' }] },
    });
    const body = { reason: 'The list of May.' };
    expect(await admin.call('post', `${PATH}/${wrong}/finish`, { body })).toMatchObject({
      ...{ status: 409, body: { code: 'discount.file-unfit' } },
    });
    const right = fileOf([`${NUMBER},${NORTH},elderly`]);
    const id = await begin(right);
    await put(id, 0, right);
    expect(await admin.call('post', `${PATH}/${id}/finish`, { body })).toMatchObject({
      ...{ status: 202, body: { kind: 'discount.households-file', status: 'open', content: { rows: 1 } } },
    });
    const list = (await admin.call('get', PATH, { as: 'boris' })).body['files'];
    expect(list).toMatchObject([
      { id, own: false, by: 'anna', status: 'waits', allowedAt: null, failure: null },
    ]);
    w.clock.jump(KEEP_MS);
    expect((await admin.call('get', PATH)).body['files']).toMatchObject([{ status: 'left' }]);
  });

  it('refuse what is no part of a file', async () => {
    const id = await begin(FILE);
    const codeOf = async (...of: Parameters<typeof put>) => (await put(...of)).body['code'];
    expect([
      await codeOf(id, 'x', FILE),
      await codeOf(id, 0, Buffer.alloc(HOUSEHOLD_PART_BYTES + 1, 0x0a)),
      await codeOf(id, 5, FILE),
      await codeOf(id, 0, Buffer.from('no header\n')),
      await codeOf(id, 0, Buffer.from([0xff, 0x0a])),
      await codeOf('00000000-0000-4000-8000-000000000000', 0, FILE),
    ]).toEqual([
      ...['request.malformed', 'request.too-large', 'discount.file-part', 'discount.file-header'],
      ...['discount.file-encoding', 'request.not-found'],
    ]);
  });

  it('leave no customer number in a log', () => {
    expect(kept.lines.length).toBeGreaterThan(10);
    expect(JSON.stringify(kept.lines)).not.toContain(NUMBER);
  });
});
