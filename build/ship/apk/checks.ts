import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import process from 'node:process';
import { faultsOfDex, parseDexDump } from './dex.ts';
import { run } from './run.ts';
import type { Settings } from './settings.ts';
import { readZip } from '../../kit/zip.ts';

/** The permissions that docs/stb.md justifies; one more or less fails the build. */
const PERMISSIONS: readonly string[] = [
  'android.permission.ACCESS_NETWORK_STATE',
  'android.permission.FOREGROUND_SERVICE',
  'android.permission.INTERNET',
  'android.permission.RECEIVE_BOOT_COMPLETED',
  'android.permission.REQUEST_INSTALL_PACKAGES',
];

const ENTRIES =
  /^(?:AndroidManifest\.xml|resources\.arsc|classes\.dex|res\/.+|assets\/pages\/.+|META-INF\/.+)$/;

/** A check's name and what it found; throws where it fails. */
export interface PackageCheck {
  readonly name: string;
  readonly run: (
    apk: string,
    built: { readonly settings: Settings; readonly assets: string },
  ) => Promise<string>;
}

export const CHECKS: readonly PackageCheck[] = [
  {
    name: 'badging',
    run: async (apk, { settings }) => {
      const badging = await run('aapt', ['dump', 'badging', apk]);
      const { versionCode, version } = settings;
      for (const line of [
        `package: name='cn.bianmin.box' versionCode='${versionCode}' versionName='${version}'`,
        "sdkVersion:'21'",
        "targetSdkVersion:'28'",
        "launchable-activity: name='cn.bianmin.box.MainActivity'",
        "leanback-launchable-activity: name='cn.bianmin.box.MainActivity'",
      ]) {
        if (!badging.includes(line)) throw new Error(`aapt does not find ${line} in\n${badging}`);
      }
      if (badging.includes('application-debuggable') === settings.release) throw new Error('Debuggable?');
      const asked = [...badging.matchAll(/^uses-permission: name='([^']+)'/gm)].map(
        (match) => match[1] ?? '',
      );
      if (asked.sort().join() !== PERMISSIONS.join()) throw new Error(`It asks for ${asked.join(', ')}`);
      return `${version} (${versionCode}), ${asked.length} permissions`;
    },
  },
  {
    name: 'signature',
    run: async (apk) => {
      const said = await run('apksigner', [
        'verify',
        '--verbose',
        '--print-certs',
        '--min-sdk-version',
        '21',
        apk,
      ]);
      for (const scheme of ['v1', 'v2', 'v3']) {
        if (!new RegExp(`Verified using ${scheme} scheme.*: true`).test(said)) {
          throw new Error(`Not signed by scheme ${scheme}:\n${said}`);
        }
      }
      return `v1, v2, v3 by ${signerIn(said)}`;
    },
  },
  {
    name: 'code',
    run: async (apk) => {
      // It verifies the file's structure and checksum before it says anything.
      const dump = parseDexDump(await run('dexdump', ['-d', apk]));
      const faults = faultsOfDex(dump);
      if (faults.length > 0)
        throw new Error(`The code is not as build/ship/apk/dex.ts expects:\n${faults.join('\n')}`);
      return `DEX ${dump.version}, ${dump.classes.length} classes of ours, ${dump.calls.size} methods called, none native`;
    },
  },
  {
    name: 'alignment',
    run: async (apk) => {
      await run('zipalign', ['-c', '4', apk]);
      return '4 bytes';
    },
  },
  {
    name: 'assets',
    run: async (apk, { assets }) => {
      const files = readZip(await readFile(apk));
      const wanted = await filesBelow(assets);
      const inside = [...files.keys()].filter((name) => name.startsWith('assets/'));
      if (inside.length !== wanted.length) throw new Error(`${inside.length} assets of ${wanted.length}.`);
      for (const path of wanted) {
        const found = files.get(`assets/${relative(assets, path)}`)?.bytes;
        if (found?.equals(await readFile(path)) !== true) throw new Error(`${path} is not the same inside.`);
      }
      return `${wanted.length} files, byte for byte`;
    },
  },
  {
    name: 'nothing secret',
    run: async (apk) => {
      const files = readZip(await readFile(apk));
      const secrets = ['PRIVATE KEY', ...secretsOfEnvironment()];
      for (const [name, { bytes }] of files) {
        if (!ENTRIES.test(name)) throw new Error(`${name} has no place in the package.`);
        if (secrets.some((secret) => bytes.includes(secret))) throw new Error(`${name} holds a secret.`);
      }
      return `${files.size} entries`;
    },
  },
];

/** SHA-256 of the signer's certificate. */
export async function signerOf(apk: string): Promise<string> {
  return signerIn(await run('apksigner', ['verify', '--print-certs', '--min-sdk-version', '21', apk]));
}

function signerIn(said: string): string {
  const digest = /SHA-256 digest: ([0-9a-f]{64})/.exec(said)?.[1];
  if (digest === undefined) throw new Error(`apksigner names no signer:\n${said}`);
  return digest;
}

/** Values of variables that are secret by their name, of the build's own and others. */
function secretsOfEnvironment(): string[] {
  return Object.entries(process.env)
    .filter(([name]) => /PASSWORD|SECRET|TOKEN|PRIVATE|SIGN_KEY/.test(name))
    .flatMap(([, value]) => (value !== undefined && value.length >= 8 ? [value] : []));
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
