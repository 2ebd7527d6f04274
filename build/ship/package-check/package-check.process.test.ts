import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPackageWithOptions } from '@electron/asar';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closureOf } from '../package/natives.ts';
import { entriesOf, integrityCheck } from './archive.ts';
import { loadedBy, loadsCheck, preloadCheck, screenSafeCheck } from './bundles.ts';
import { failures, report } from './check.ts';
import { configCheck } from './config.ts';
import { contentChecks, LIMITS, nativesCheck } from './contents.ts';
import type { Entry } from './contents.ts';
import { fuseCheck, imageCheck, isLinuxX64, manifestCheck, modulesCheck } from './package.ts';
import { fusesOf, readYaml, schemaProblems } from './packager.ts';
import { makeStandIn } from './stand-in.ts';
import { childStarts, mainStarts, preloadStarts } from './starts.ts';

type Config = Record<string, Record<string, unknown>>;
const good = (): Config => readYaml(join(import.meta.dirname, '../../../electron-builder.yml')) as Config;

const entry = (path: string, rest: Partial<Entry> = {}): Entry => ({
  path,
  bytes: 10,
  unpacked: false,
  ...rest,
});
const SOUND = [
  entry('package.json'),
  entry('dist/main/main.js'),
  entry('dist/device-child/device-child.js'),
  entry('dist/preload/preload.cjs'),
  entry('dist/renderer/index.html'),
  entry('dist/release-root.jsonl'),
  entry('node_modules/usb/index.js'),
  entry('node_modules/@node-usb/usb-linux-x64-gnu/usb.node', { unpacked: true }),
];
const PACKAGES = ['usb', '@node-usb/usb-linux-x64-gnu'];
const problemsOf = (entries: readonly Entry[]): string[] =>
  contentChecks(entries, PACKAGES).flatMap(({ problems }) => problems);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bianmin-package-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the configuration', () => {
  it('is accepted by both judges', () => {
    expect(schemaProblems(good())).toEqual([]);
    expect(configCheck(good()).problems).toEqual([]);
  });

  it('is refused by the packager’s schema for a word it does not know', () => {
    expect(schemaProblems({ ...good(), asarr: true }).join()).toContain('asarr');
    expect(schemaProblems({ ...good(), compression: 'enormous' })).not.toEqual([]);
  });

  it.each([
    [
      'a fuse',
      (config: Config) => ({ ...config, electronFuses: { ...config['electronFuses'], runAsNode: true } }),
      /runAsNode/,
    ],
    ['no archive', (config: Config) => ({ ...config, asar: false }), /asar/],
    [
      'an open feed',
      (config: Config) => ({ ...config, publish: { provider: 'generic', url: 'http://a.example' } }),
      /publish\.url/,
    ],
    [
      'a target less',
      (config: Config) => ({ ...config, linux: { ...config['linux'], target: [] } }),
      /linux\.target/,
    ],
    [
      'data that goes with the program',
      (config: Config) => ({ ...config, nsis: { ...config['nsis'], deleteAppDataOnUninstall: true } }),
      /deleteAppData/,
    ],
  ])('is refused for %s', (_case, spoil, expected) => {
    expect(configCheck(spoil(good())).problems.join()).toMatch(expected);
  });
});

describe('the archive’s list', () => {
  it('is good as it should be', () => {
    expect(problemsOf(SOUND)).toEqual([]);
  });

  it.each([
    ['dist/main/main.js.map', 'a source or a map'],
    ['dist/renderer/App.vue', 'a source or a map'],
    ['dist/main/main.ts', 'a source or a map'],
    ['node_modules/usb/test/usb.js', 'a test or an example'],
    ['dist/main/main.test.js', 'a test'],
    ['node_modules/usb/.env', 'a hidden file'],
    ['dist/main/server.key', 'a key'],
    ['node_modules/usb/src/usb.cc', 'a native source'],
    ['src/main/main.js', 'outside what is staged'],
    ['node_modules/vitest/index.js', 'vitest is packed'],
    ['node_modules/usb/node_modules/@a/b/index.js', '@a/b is packed'],
    ['node_modules/usb/usb.node', 'is inside'],
  ])('is refused for %s', (path, why) => {
    expect(problemsOf([...SOUND, entry(path)]).join()).toContain(why);
  });

  it('is refused for a part that is missing, is too big or lies beside it', () => {
    expect(problemsOf(SOUND.filter(({ path }) => !path.includes('preload')))).toEqual([
      'dist/preload/preload.cjs is missing',
    ]);
    const fat = SOUND.map((found) =>
      found.path === 'dist/main/main.js' ? { ...found, bytes: LIMITS['dist/main/main.js'] + 1 } : found,
    );
    expect(problemsOf(fat).join()).toContain('dist/main/main.js has');
    expect(problemsOf([...SOUND, entry('dist/main/b.js', { unpacked: true })]).join()).toContain(
      'is not inside',
    );
  });

  it('is refused without a native module, or with one of another machine', () => {
    expect(nativesCheck(SOUND).problems).toEqual([
      'node-hid has none',
      '@pokusew/pcsclite has none',
      '@napi-rs/canvas has none',
    ]);
    const elf = Buffer.alloc(64);
    elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
    elf[18] = 0x3e;
    expect(isLinuxX64(elf)).toBe(true);
    elf[18] = 0xb7; // AArch64
    expect(modulesCheck(SOUND, () => elf).problems).toHaveLength(1);
    expect(isLinuxX64(Buffer.from('MZ'))).toBe(false);
  });
});

describe('the bundles', () => {
  it('are read for what they load', () => {
    const text = `import { a } from "electron";\nimport "node-hid";\nimport b from '@a/b/c';\nconst c = await import("usb");
const d = require('./e.js'), f = require("fs/promises"), g = __require("pino");`;
    expect(loadedBy(text)).toEqual(['@a/b', 'electron', 'node-hid', 'pino', 'usb']);
  });

  it('are refused for what is not packed', () => {
    expect(loadsCheck('main', 'import "usb";\nimport "axios";', ['usb']).problems).toEqual([
      'axios is loaded and not packed',
    ]);
  });

  it('are refused for a main process that loads what a device can bring down', () => {
    expect(screenSafeCheck('import "axios";').problems).toEqual([]);
    expect(screenSafeCheck('const { usb } = await import("usb");').problems).toEqual(['usb is loaded']);
  });

  it('are refused for a preload that a sandbox cannot load', () => {
    expect(preloadCheck('"use strict";\nconst e = require("electron");').problems).toEqual([]);
    expect(preloadCheck('import { a } from "electron";').problems.join()).toContain('no CommonJS');
    expect(preloadCheck('const u = require("usb");').problems).toEqual(['it loads usb']);
    expect(preloadCheck('const u = require("node:fs");').problems).toEqual(['it loads Node’s modules']);
  });
});

describe('what starts', () => {
  it('is a main bundle that leaves as the second instance, and no other', async () => {
    const main = join(folder, 'main.mjs');
    const problemsOf = async (text: string): Promise<string> => {
      await writeFile(main, text);
      return mainStarts(main).problems.join();
    };
    expect(
      await problemsOf(`import { app } from 'electron';\nif (!app.requestSingleInstanceLock()) app.quit();`),
    ).toBe('');
    expect(await problemsOf(`import { shell } from 'electron';\nshell.beep();`)).toContain('shell');
    expect(await problemsOf(`import { app } from 'electron';`)).toContain('exit 0');
  });

  it('is a child that says that it is ready, and no other', async () => {
    const child = join(folder, 'child.mjs');
    const problemsOf = async (text: string): Promise<string> => {
      await writeFile(child, text);
      return childStarts(child).problems.join();
    };
    const says = (type: string): string => `process.parentPort.postMessage({ type: ${type} });`;
    expect(await problemsOf(`process.parentPort.on('message');\n${says("'ready'")}`)).toBe('');
    expect(await problemsOf(says(`process.argv.at(-1) === 'hid' ? 'ready' : 'unavailable'`))).toBe('');
    expect(await problemsOf(says("'unavailable'"))).toContain('unavailable');
    expect(await problemsOf('process.exit(7);')).toContain('exit 7');
  });

  it('is a preload that gives one object', () => {
    const gives = (key: string, value: string): string =>
      `require('electron').contextBridge.exposeInMainWorld('${key}', ${value});`;
    const sound = gives('bianmin', '{ call() {}, on() {} }');
    expect(preloadStarts(sound).problems).toEqual([]);
    expect(preloadStarts(`${sound}${gives('electron', '{ shell() {} }')}`).problems).toHaveLength(1);
    expect(preloadStarts(gives('bianmin', '{ call() {}, on() {}, send() {} }')).problems).toHaveLength(1);
    expect(preloadStarts(`require('node:fs');`).problems).toEqual(['Error: It asks for node:fs.']);
  });
});

describe('the manifest', () => {
  const manifest = {
    name: 'a',
    productName: 'b',
    version: '1.0.0',
    type: 'module',
    main: 'dist/main/main.js',
  };

  it.each([
    [manifest, undefined],
    [{ ...manifest, main: 'dist/main/index.js' }, 'not in the archive'],
    [{ ...manifest, version: 'next' }, 'version is wrong'],
    [{ ...manifest, devDependencies: {} }, 'how it was made'],
  ])('%j', (value, problem) => {
    const { problems } = manifestCheck(JSON.stringify(value), SOUND);
    if (problem === undefined) expect(problems).toEqual([]);
    else expect(problems.join()).toContain(problem);
  });

  it('that is torn', () => {
    expect(manifestCheck('{"name":', SOUND).problems).toEqual(['package.json is not JSON']);
  });
});

it('an archive that was changed after it was made is found', async () => {
  const app = join(folder, 'app');
  await mkdir(app);
  await writeFile(join(app, 'a.js'), 'const answer = 42;');
  await writeFile(join(app, 'b.node'), 'native');
  const archive = join(folder, 'app.asar');
  await createPackageWithOptions(app, archive, { unpack: '*.node' });
  expect(entriesOf(archive)).toEqual([
    { path: 'a.js', bytes: 18, unpacked: false },
    { path: 'b.node', bytes: 6, unpacked: true },
  ]);
  expect(integrityCheck(archive).problems).toEqual([]);
  await writeFile(join(`${archive}.unpacked`, 'b.node'), 'evil!!');
  expect(integrityCheck(archive).problems).toEqual(['b.node is not what its hash says']);
});

it('a file of the kiosk image that is missing or another one is found', async () => {
  const [from, packed] = [join(folder, 'from'), join(folder, 'packed')];
  for (const path of [from, packed]) {
    await mkdir(path);
    await writeFile(join(path, 'a.service'), 'unit');
  }
  expect(imageCheck(from, packed).problems).toEqual([]);
  await writeFile(join(from, 'b.conf'), 'b');
  await writeFile(join(packed, 'a.service'), 'other');
  expect(imageCheck(from, packed).problems).toEqual(['a.service is another one', 'b.conf is missing']);
});

it('a binary whose fuses were not flipped is found', async () => {
  await makeStandIn(join(folder, 'electron'), '1.0.0');
  const fuses = await fusesOf(join(folder, 'electron/electron'));
  expect(fuses['RunAsNode']).toBe(true);
  expect(fuseCheck(fuses).problems).toContain('RunAsNode should be off');
});

it('a package that is needed and not installed is said, one of another platform is not', async () => {
  const manifest = {
    version: '1.0.0',
    dependencies: { gone: '1' },
    optionalDependencies: { 'for-windows': '1' },
  };
  await mkdir(join(folder, 'node_modules/a'), { recursive: true });
  await writeFile(join(folder, 'node_modules/a/package.json'), JSON.stringify(manifest));
  expect(() => closureOf(['a'], folder)).toThrow('gone is not installed');
  await mkdir(join(folder, 'node_modules/gone'));
  await writeFile(join(folder, 'node_modules/gone/package.json'), '{"version":"2.0.0"}');
  expect(closureOf(['a'], folder).map(({ name, version }) => `${name}@${version}`)).toEqual([
    'a@1.0.0',
    'gone@2.0.0',
  ]);
});

it('the report ends with its sum', () => {
  const checks = [
    { name: 'a', problems: [] },
    { name: 'b', problems: ['x', 'y'] },
  ];
  expect(report(checks)).toEqual([
    'package:check: ok a',
    'package:check: FAILED b: x',
    'package:check: FAILED b: y',
    'package:check: 1 passed, 1 failed',
  ]);
  expect(failures(checks)).toBe(1);
});
