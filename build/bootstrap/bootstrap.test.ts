import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aptLine, refusal } from './apt.mjs';
import type { Machine } from './machine.mjs';
import { FAKETIME, lacking } from './needs.mjs';
import { OLD_BROWSER, OLD_BROWSER_PACKAGES } from './old-browser.mjs';
import { nodeProblem } from './node-version.mjs';
import { ownHeaders } from './npm-ci.mjs';

/** A machine with these commands and files and nothing else. */
function machine(has: readonly string[], env: Machine['env'] = {}): Machine {
  return {
    env,
    home: '/home/x',
    hasCommand: (command) => has.includes(command),
    hasFile: (path) => has.includes(path),
  };
}
const names = (on: Machine, purpose: Parameters<typeof lacking>[1]) =>
  lacking(on, purpose).map(({ name }) => name);

const STORES = ['redis-server', 'mongod'];
const COMPILER = ['g++', 'make', 'python3', '/usr/include/PCSC/winscard.h'];

describe("Node's version", () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '100.0.0'])('%s will do', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });
  it.each(['18.20.4', '20.18.9', '0.12.0'])('%s will not, and the sentence says what to do', (version) => {
    expect(nodeProblem(version)).toMatch(/Install a newer Node/);
  });
});

describe('what a machine lacks', () => {
  it('is everything where there is nothing, without a window where there is no screen', () => {
    expect(names(machine([]), 'start')).toEqual([
      ...['redis-server', 'libpcsclite-dev', 'g++', 'make', 'python3', 'default-jdk-headless', 'maven'],
    ]);
    expect(names(machine([], { DISPLAY: ':0' }), 'start')).toContain('chromium');
    expect(names(machine([]), 'test')).toEqual(
      expect.arrayContaining(['chromium', 'pcscd', 'vsmartcard-vpcd']),
    );
  });

  it('is nothing where others brought it', () => {
    const full = [...COMPILER, ...STORES, 'google-chrome', 'pcscd', 'nginx', 'haproxy', 'openssl'];
    const driver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so*';
    expect(names(machine([...full, driver, FAKETIME]), 'test')).toEqual([]);
    expect(names(machine(full.filter((name) => name !== 'nginx')), 'deploy')).toEqual(['nginx']);
    const given = { MONGODB_URI: 'mongodb://db', REDIS_URL: 'redis://cache' };
    expect(names(machine(COMPILER, given), 'stack')).toEqual([]);
  });

  it('is what makes a package for the box, and that only where one is made', () => {
    expect(names(machine(['javac', 'mvn', 'aapt', 'zipalign']), 'apk')).toEqual([
      'apksigner',
      'dexdump',
      'android-framework-res',
    ]);
    expect(names(machine(['mongod', 'redis-server', ...COMPILER]), 'stack')).toEqual([]);
  });

  it('is what opens a browser of 2016, and that only where there is one', () => {
    const full = [...COMPILER, ...STORES, 'google-chrome', 'pcscd', 'nginx', 'haproxy', 'openssl'];
    const tested = [...full, '/usr/lib/pcsc/drivers/serial/libifdvpcd.so*', FAKETIME];
    expect(names(machine([...tested, OLD_BROWSER]), 'test')).toEqual(OLD_BROWSER_PACKAGES);
    const docs = OLD_BROWSER_PACKAGES.map((name) => `/usr/share/doc/${name}`);
    expect(names(machine([...tested, OLD_BROWSER, 'xvfb-run', ...docs]), 'test')).toEqual([]);
    expect(names(machine([...full, OLD_BROWSER]), 'stack')).toEqual([]);
  });

  it('is no Java where the durable database is built', () => {
    const built = '/home/x/.cache/bianmin/secantus/bin/secantusd-rs';
    expect(names(machine([...COMPILER, 'redis-server', built]), 'stack')).toEqual([]);
    const elsewhere = '/c/bianmin/secantus/bin/secantusd-rs';
    const moved = machine([...COMPILER, 'redis-server', elsewhere], { XDG_CACHE_HOME: '/c' });
    expect(names(moved, 'stack')).toEqual([]);
  });
});

describe('installing', () => {
  const needs = lacking(machine(COMPILER, { MONGODB_URI: 'mongodb://db' }), 'stack');

  it('goes ahead as root only, and not against --no-install', () => {
    const may = { mayInstall: true, isRoot: true, hasApt: true };
    expect(refusal(needs, may)).toBeUndefined();
    expect(refusal([], { mayInstall: false, isRoot: false, hasApt: false })).toBeUndefined();
    expect(refusal(needs, { ...may, isRoot: false })).toContain(`sudo sh -c '${aptLine(needs)}'`);
    expect(refusal(needs, { ...may, mayInstall: false })).toContain('--no-install forbids');
    expect(refusal(needs, { ...may, hasApt: false })).toContain('not a Debian system');
  });

  it('names each package with its reason', () => {
    expect(refusal(needs, { mayInstall: true, isRoot: false, hasApt: true })).toContain(
      'redis-server: for the queues',
    );
    expect(aptLine(needs)).toBe('apt-get update && apt-get install -y --no-install-recommends redis-server');
  });
});

describe("Node's own headers", () => {
  it('are handed to npm where they lie beside it, unless others are named', () => {
    const prefix = mkdtempSync(join(tmpdir(), 'bianmin-node-'));
    const node = join(prefix, 'bin/node');
    expect(ownHeaders(node, {})).toEqual({});
    mkdirSync(join(prefix, 'include/node'), { recursive: true });
    writeFileSync(join(prefix, 'include/node/node.h'), '');
    expect(ownHeaders(node, {})).toEqual({ npm_config_nodedir: prefix });
    expect(ownHeaders(node, { npm_config_nodedir: '/usr' })).toEqual({});
    rmSync(prefix, { recursive: true });
  });
});
