import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '@bianmin/card/node/system-clock';
import { MemoryJournal } from '@bianmin/card/testing/memory-journal';
import { BOTH_MAKERS } from '@bianmin/card/testing/second-maker';
import { axiosCall } from '@bianmin/purchase/api/axios-call';
import { cardLayoutsAnswer } from '@bianmin/purchase/api/card-layouts';
import { ApiClient } from '@bianmin/purchase/api/client';
import { releaseRootAnswer } from '@bianmin/purchase/api/release-root';
import { rootOfOneKey } from '@bianmin/purchase/node/release-root';
import { ReleaseSigners } from '@bianmin/purchase/testing/node/release-signers';
import { rootFile } from '../../../server/src/testing/release-kit.ts';
import { ENROL_CODE, openTestWeb, type TestWeb } from '../../../server/src/testing/web.ts';
import { KeptFile } from '../files/kept-file.ts';
import { keptLayouts, LayoutKeeper } from './card-layouts.ts';
import { loadOrCreateIdentity } from './identity.ts';
import { keptTrust, ReleaseTrust } from './release-trust.ts';

const signers = new ReleaseSigners(Date.now());

let folder: string;
let s: TestWeb;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'card-layouts-'));
  const file = join(folder, 'layouts.signed.json');
  await writeFile(file, `${signers.signLayouts(BOTH_MAKERS)}\n`);
  s = await openTestWeb({
    RELEASE_DIR: folder,
    RELEASE_ROOT_FILE: rootFile(join(folder, 'roots.jsonl'), signers),
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
  const onFault = (_: string, error: unknown): void => void faults.push(error);
  const trust = new ReleaseTrust({
    // As it was set up when one key signed: the server leads it to the first root.
    born: rootOfOneKey(signers.three[0].publicKey),
    fetch: (have) => client.read(`/v1/release-root?have=${have}`, releaseRootAnswer.optional()),
    file: new KeptFile(join(folder, 'trust.json'), keptTrust),
    ...{ clock: systemClock, serverClock: { skewMs: 0 }, onFault },
  });
  const open = (): LayoutKeeper =>
    new LayoutKeeper({
      ...{ trust, formerKey: undefined, onFault },
      fetch: async (have, root) => {
        const answer = await client.read(
          `/v1/terminal/card-layouts?have=${have}&root=${root}`,
          cardLayoutsAnswer.optional(),
        );
        answers.push(answer !== undefined);
        return answer;
      },
      file: new KeptFile(join(folder, 'kept.json'), keptLayouts),
      journal: new MemoryJournal(),
      busy: () => false,
      clock: systemClock,
    });
  const keeper = open();
  await keeper.refresh();
  expect([keeper.version, faults]).toEqual([2, []]);
  const again = open();
  expect(again.version).toBe(2);
  await again.refresh();
  expect([answers, faults]).toEqual([[true, false], []]);
});
