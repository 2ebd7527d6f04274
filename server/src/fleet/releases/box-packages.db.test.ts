import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { madePackage } from '../../testing/release-kit.ts';
import { INSTALLED_WITHIN_MS } from './outcome.ts';
import { programOf, SIGNERS, ReleaseWorld } from '../../testing/release-world.ts';

let house: ReleaseWorld;
beforeAll(async () => {
  house = await ReleaseWorld.open();
});
afterAll(() => house.close());
afterEach(() => house.clear());

describe("a box's package", () => {
  const newest = async (): Promise<unknown> => {
    const answer = await fetch(`${house.on.web.url}/v1/box/release`);
    return answer.status === 204 ? undefined : answer.json();
  };

  it('comes to boxes that say who they are step by step, and they say what became of it', async () => {
    const made = madePackage(SIGNERS, '1.2.0');
    const [name, content] = programOf(made);
    const step = { permille: 400, soakS: 0, successPermille: 500, next: 'itself' };
    const stages = [step, { ...step, permille: 1000 }];
    await house.rolledOut(made, { stages, errorPermille: 300, leastBad: 2 });
    const asked = await Promise.all(house.boxes.map(async (box) => [box, await box.ask()] as const));
    const some = asked.flatMap(([box, offer]) => (offer === undefined ? [] : [{ box, offer }]));
    // By a hash of numbers that are drawn: all or none of twelve would be one in hundreds.
    expect(some.length).toBeGreaterThan(0);
    expect(some.length).toBeLessThan(house.boxes.length);
    // Who cannot say who it is waits for the step that is everybody's.
    expect(await newest()).toBeUndefined();
    const [first] = some;
    if (first === undefined) throw new Error('Nobody was offered it.');
    const { box, offer } = first;
    expect(offer.box).toMatchObject({ versionCode: 2000, versionName: '1.2.0', file: name, bytes: 300_000 });
    const got = await box.fetch(offer, name, { range: 'bytes=100000-' });
    expect([got.status, Buffer.from(await got.arrayBuffer())]).toEqual([206, content.subarray(100_000)]);
    expect(await box.ask({ version: '1.2.0', is: 'installing' })).toBeDefined();
    // Its family has not said yes yet, where a kiosk would have failed: that is no failure.
    house.clock.jump(INSTALLED_WITHIN_MS + 1_000);
    expect(await box.ask()).toBeDefined();
    const counts = async (): Promise<unknown> => {
      const { body } = await house.call('GET', '/v1/admin/rollouts');
      return (body['rollouts'] as { counts: unknown }[])[0]?.counts;
    };
    expect(await counts()).toMatchObject({ taken: 1, failed: 0, missing: 0 });
    box.version = '1.2.0';
    expect(await box.ask()).toBeUndefined();
    expect(await counts()).toMatchObject({ installed: 1, taken: 0 });
    box.version = '1.0.0';
    // It is nothing for kiosks.
    expect(await house.kiosk.ask()).toBeUndefined();
  });

  it('is for all boxes, also those that cannot say who they are, at the last step, until it is halted or was changed', async () => {
    const made = madePackage(SIGNERS);
    const [name, content] = programOf(made);
    expect(await newest()).toBeUndefined();
    await house.rolledOut(made);
    const path = `/v1/box/release/${name}`;
    expect(await newest()).toMatchObject({ versionCode: 2000, versionName: '0.2.0', path, bytes: 300_000 });
    const got = await fetch(`${house.on.web.url}${path}`, { headers: { range: 'bytes=100000-' } });
    expect([got.status, Buffer.from(await got.arrayBuffer())]).toEqual([206, content.subarray(100_000)]);
    // It is nothing for kiosks.
    expect(await house.kiosk.ask()).toBeUndefined();
    await appendFile(join(house.folder, 'box/0.2.0', name), 'x');
    expect([await newest(), (await fetch(`${house.on.web.url}${path}`)).status]).toEqual([undefined, 404]);
    await writeFile(join(house.folder, 'box/0.2.0', name), content);
    expect(await newest()).toBeDefined();
    const [rollout] = (await house.call('GET', '/v1/admin/rollouts')).body['rollouts'] as { id: string }[];
    await house.call('POST', `/v1/admin/rollouts/${rollout?.id ?? ''}/pause`, { reason: 'a complaint' });
    expect(await newest()).toBeUndefined();
  });

  it('has one file, and what its installer is checked by', () => {
    const { manifest } = madePackage(SIGNERS);
    const { box, ...without } = manifest;
    expect(box).toBeDefined();
    const [file] = manifest.files;
    for (const wrong of [
      without,
      { ...manifest, kind: 'kiosk-linux' as const },
      {
        ...manifest,
        files: [...manifest.files, ...(file === undefined ? [] : [{ ...file, name: 'b.apk' }])],
      },
      { ...manifest, files: manifest.files.map((each) => ({ ...each, name: 'box.exe' })) },
    ]) {
      expect(() => SIGNERS.sign(wrong)).toThrow();
    }
  });
});
