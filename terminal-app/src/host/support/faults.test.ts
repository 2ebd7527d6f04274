import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACR38, machine, NODE, ROOT_ONLY, type Machine } from '@bianmin/card/cli/doctor/fake-machine';
import { CodedError } from '@bianmin/card/errors';
import { systemClock } from '@bianmin/card/node/system-clock';
import { openSupport, packSupport } from '@bianmin/purchase/node/support/archive';
import { findingsOf } from '@bianmin/purchase/node/support/findings';
import { selfSignedCertificate } from '../../../../server/sandbox/wallet/certificate.ts';
import { loadHostEnvironment } from '../env.ts';
import { FileJournal } from '../file-journal.ts';
import { createLog } from '../log.ts';
import { startHost } from '../host.ts';
import { collectSupport } from './collect.ts';
import { lastSeenFile } from './last-seen.ts';
import { writeSupport } from './program.ts';

const SOUND: Machine = { files: ACR38, stats: { [NODE]: ROOT_ONLY }, writable: [NODE] };
const HOUR_MS = 3_600_000;

let folder: string;
let server: Server;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-support-'));
  await new FileJournal(join(folder, 'journal')).open();
  server = await listening(createHttp((_, answer) => answer.end('{}')));
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function listening<T extends Server>(made: T): Promise<T> {
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return made;
}
const urlOf = (of: Server, scheme = 'http'): string =>
  `${scheme}://127.0.0.1:${(of.address() as AddressInfo).port}`;

/** What an archive names, by its bytes alone. */
async function named(on: { url?: string; machine?: Machine; clockMs?: number } = {}): Promise<string[]> {
  const { url = urlOf(server), clockMs = 0 } = on;
  const env = loadHostEnvironment({ BIANMIN_SERVER_URL: url, BIANMIN_DATA_DIR: folder });
  const parts = await collectSupport({
    ...{ env, seen: undefined, system: machine(on.machine ?? SOUND) },
    clock: {
      ...systemClock,
      now: () => systemClock.now() + clockMs,
      monotonic: () => systemClock.monotonic(),
    },
    journal: new FileJournal(join(folder, 'journal')),
  });
  return findingsOf(openSupport(packSupport(parts)).parts)
    .map(({ id, of }) => `${id}: ${of}`)
    .filter((each) => !/^(?:disk|memory)\.low/u.test(each));
}

describe('the archive of a kiosk', () => {
  it('names nothing where nothing is wrong', async () => {
    expect(await named()).toEqual([]);
  });

  it('names the program that has its reader', async () => {
    const held: Machine = {
      ...SOUND,
      files: { ...ACR38, '/proc/12/comm': 'vendor-tool\n' },
      links: { '/proc/12/fd/9': NODE },
    };
    expect(await named({ machine: held })).toEqual([
      'reader.held: 072F:90CC ACS CCID USB Reader vendor-tool',
    ]);
  });

  it('names a clock that is wrong by hours', async () => {
    expect(await named({ clockMs: 3 * HOUR_MS })).toEqual([
      // A busy machine takes a second or two to ask.
      expect.stringMatching(/^clock\.wrong: 1(?:079\d|080\d) s beside server$/u),
    ]);
  });

  it.runIf(process.platform === 'linux')('names a disk that is full', async () => {
    // Whatever is written to it fails as on a disk without room.
    await symlink('/dev/full', join(folder, '.support-trial.tmp'));
    expect(await named()).toEqual(['disk.full: ENOSPC']);
  });

  it('names a journal that cannot be read', async () => {
    await mkdir(join(folder, 'journal'), { recursive: true });
    await writeFile(join(folder, 'journal', '260301100000000001.json'), 'torn');
    expect(await named()).toEqual(['journal.unreadable: ']);
  });

  it('names a server that is not there, and how far the way goes', async () => {
    const url = urlOf(server);
    server.close();
    expect(await named({ url })).toEqual(['line.unreachable: server connect ECONNREFUSED']);
  });

  it('names a certificate of the server that has expired', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const [from, until] = [new Date('2024-01-01T00:00:00Z'), new Date('2025-01-01T00:00:00Z')];
    const cert = selfSignedCertificate({ serial: '01', commonName: 'localhost', privateKey, from, until });
    const tls = await listening(createHttps({ key: privateKey, cert }, (_, answer) => answer.end('{}')));
    expect(await named({ url: urlOf(tls, 'https') })).toEqual(['certificate.expired: server']);
    tls.close();
  });
});

describe('the command beside a running host', () => {
  it('has its faults and its last lines, and no secret', async () => {
    const env = {
      BIANMIN_SERVER_URL: urlOf(server),
      BIANMIN_DATA_DIR: folder,
      BIANMIN_ENROL_CODE: 'CODE-NOBODY-HAS',
    };
    const log = createLog('info', { write: () => undefined });
    const host = await startHost({
      ...{ env: loadHostEnvironment(env), shell: 'none', log },
      slots: { slots: () => [], onChange: () => () => undefined, close: () => Promise.resolve() },
    });
    const said = new CodedError({
      code: 'reader.gone',
      message: 'It went, said 13899887766 of CODE-NOBODY-HAS.',
    });
    log.warn({ where: 'reader', err: said }, 'something went wrong and is being dealt with');
    await host.close();
    expect(lastSeenFile(folder).read()?.machine.screen.name).toBeTypeOf('string');
    const file = join(folder, 'support.zip');
    expect(await writeSupport(file, env)).toContain('no secret in it');
    const { parts } = openSupport(await readFile(file));
    const text = JSON.stringify(parts);
    expect(text).toContain('reader.gone');
    expect(text).not.toMatch(/13899887766|CODE-NOBODY-HAS/u);
  });
});
