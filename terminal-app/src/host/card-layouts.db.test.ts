import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axiosCall } from '@bianmin/shared/api/axios-call';
import { cardLayoutsAnswer } from '@bianmin/shared/api/card-layouts';
import { ApiClient } from '@bianmin/shared/api/client';
import { signLayouts } from '@bianmin/shared/node/signed-layouts';
import { systemClock } from '@bianmin/shared/node/system-clock';
import { MemoryJournal } from '@bianmin/shared/testing/memory-journal';
import { BOTH_MAKERS } from '@bianmin/shared/testing/second-maker';
import { ENROL_CODE, openTestWeb, type TestWeb } from '../../../server/src/testing/web.ts';
import { KeptFile } from '../files/kept-file.ts';
import { keptLayouts, LayoutKeeper } from './card-layouts.ts';
import { loadOrCreateIdentity } from './identity.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let folder: string;
let s: TestWeb;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'card-layouts-'));
  const file = join(folder, 'layouts.jws');
  await writeFile(file, `${signLayouts(BOTH_MAKERS, privateKey)}\n`);
  s = await openTestWeb({
    RELEASE_DIR: folder,
    RELEASE_PUBLIC_KEY: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    CARD_LAYOUTS_FILE: file,
  });
});
afterAll(async () => {
  await s.close();
  await rm(folder, { recursive: true, force: true });
});

it('comes from a server to a kiosk, once, and is there after a restart', async () => {
  const identity = await loadOrCreateIdentity(folder);
  const client = new ApiClient({ baseUrl: s.web.url, identity, clock: systemClock, http: axiosCall() });
  const facts = { kind: 'kiosk', name: 'Kiosk', version: '0.1.0', code: ENROL_CODE } as const;
  await client.enrol((at) => identity.signEnrolment(facts, at));
  const faults: unknown[] = [];
  const answers: boolean[] = [];
  const open = (): LayoutKeeper =>
    new LayoutKeeper({
      key: publicKey,
      fetch: async (have) => {
        const answer = await client.read(
          `/v1/terminal/card-layouts?have=${have}`,
          cardLayoutsAnswer.optional(),
        );
        answers.push(answer !== undefined);
        return answer;
      },
      file: new KeptFile(join(folder, 'kept.json'), keptLayouts),
      journal: new MemoryJournal(),
      busy: () => false,
      clock: systemClock,
      onFault: (_, error) => faults.push(error),
    });
  const keeper = open();
  await keeper.refresh();
  expect([keeper.version, faults]).toEqual([2, []]);
  const again = open();
  expect(again.version).toBe(2);
  await again.refresh();
  expect([answers, faults]).toEqual([[true, false], []]);
});
