import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ReleaseSigners, rootContent, signedRoot } from '@bianmin/purchase/testing/node/release-signers';
import { readSettings, serverUrlOf, versionCodeOf } from './settings.ts';

const key = (curve: string): string =>
  generateKeyPairSync('ec', { namedCurve: curve })
    .publicKey.export({ format: 'der', type: 'spki' })
    .toString('base64');

const folder = mkdtempSync(join(tmpdir(), 'box-roots-'));
const signers = new ReleaseSigners();
writeFileSync(join(folder, 'roots.jsonl'), `${signers.document}\n`);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const RELEASE = {
  BIANMIN_BOX_SERVER_URL: 'https://box.example/api/',
  BIANMIN_BOX_HELP_PHONE: '95598',
  BIANMIN_BOX_TIME_KEY: key('P-256'),
  BIANMIN_BOX_RELEASE_ROOT: join(folder, 'roots.jsonl'),
  BIANMIN_BOX_KEYSTORE: '/keys/box.p12',
  BIANMIN_BOX_KEYSTORE_PASSWORD: 'x',
  BIANMIN_BOX_KEY_ALIAS: 'box',
};

describe('what a package is built of', () => {
  it('has a version code that rises with the version', () => {
    expect(versionCodeOf('0.1.0')).toBe(1000);
    expect(versionCodeOf('1.2.3')).toBe(1_002_003);
    expect(() => versionCodeOf('1.2')).toThrow('no version');
    expect(() => versionCodeOf('1.2.1000')).toThrow('no version');
  });

  it('names one server, by https but in the sandbox', () => {
    expect(serverUrlOf('https://box.example/', true)).toBe('https://box.example');
    expect(serverUrlOf('http://127.0.0.1:8080', false)).toBe('http://127.0.0.1:8080');
    expect(() => serverUrlOf('http://box.example', true)).toThrow('https');
    expect(() => serverUrlOf('https://user:pass@box.example', true)).toThrow('no address');
  });

  it('needs nothing for a debug build', async () => {
    expect(await readSettings(false, {})).toMatchObject({ release: false, timeKey: '', anchors: '' });
  });

  it('has no default in a release', async () => {
    expect(await readSettings(true, RELEASE)).toMatchObject({
      serverUrl: 'https://box.example/api',
      signer: { keystore: '/keys/box.p12', alias: 'box' },
    });
    for (const name of Object.keys(RELEASE)) {
      await expect(readSettings(true, { ...RELEASE, [name]: '' })).rejects.toThrow(name);
    }
  });

  it('has the root that the last line of its file is, and none that too few have signed', async () => {
    const { releaseRoot } = await readSettings(true, RELEASE);
    expect(Buffer.from(releaseRoot, 'base64').toString()).toBe(signers.document);
    const alone = join(folder, 'alone.jsonl');
    writeFileSync(alone, signedRoot(rootContent(signers.three), [signers.three[0]]));
    await expect(readSettings(true, { ...RELEASE, BIANMIN_BOX_RELEASE_ROOT: alone })).rejects.toThrow(
      'Too few',
    );
  });

  it('takes a time key of the right curve only', async () => {
    await expect(readSettings(false, { BIANMIN_BOX_TIME_KEY: key('P-384') })).rejects.toThrow('P-256');
  });
});
