import {
  closeSync,
  mkdtempSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { markModulesCurrent, scriptsAllowed, stateOfModules } from './npm-ci.mjs';

describe('node_modules', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'bianmin-modules-'));
    writeFileSync(join(root, 'package-lock.json'), 'one');
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const record = () => join(root, 'node_modules/.package-lock.json');
  const at = (path: string, seconds: number) => {
    utimesSync(path, seconds, seconds);
  };

  it('is to be installed when it is not there', () => {
    expect(stateOfModules(root)).toBe('old');
  });

  it('is to be built where npm wrote it after the lock file, and to be installed where before', () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(record(), '{}');
    at(join(root, 'package-lock.json'), 100);
    at(record(), 200);
    expect(stateOfModules(root)).toBe('unbuilt');
    at(join(root, 'package-lock.json'), 300);
    expect(stateOfModules(root)).toBe('old');
  });

  it('is ready where we installed these very bytes, however new the file', () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(record(), '{}');
    at(record(), 100);
    markModulesCurrent(root);
    expect(stateOfModules(root)).toBe('built');
    writeFileSync(join(root, 'package-lock.json'), 'two');
    expect(stateOfModules(root)).toBe('old');
  });

  it('is marked so that a command that starts beside it never reads half of the mark', () => {
    mkdirSync(join(root, 'node_modules'));
    const stamp = join(root, 'node_modules/.bianmin-installed');
    writeFileSync(stamp, 'what was before');
    const reading = openSync(stamp, 'r');
    markModulesCurrent(root);
    expect(readFileSync(reading, 'utf8')).toBe('what was before');
    closeSync(reading);
    const marked = statSync(stamp).ino;
    markModulesCurrent(root);
    expect(statSync(stamp).ino).toBe(marked);
    expect(readdirSync(join(root, 'node_modules'))).toEqual(['.bianmin-installed']);
  });

  it('is to be installed for another Node, whose compiled modules it cannot load', () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules/.bianmin-installed'), 'x node 1');
    writeFileSync(record(), '{}');
    expect(stateOfModules(root)).toBe('old');
  });
});

describe('install scripts', () => {
  const project = join(import.meta.dirname, '../..');
  const read = (path: string): string => readFileSync(join(project, path), 'utf8');

  it('of every package that has some are allowed or forbidden by name', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const having = Object.entries(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
    const { allowScripts } = JSON.parse(read('package.json')) as { allowScripts: Record<string, boolean> };
    expect(Object.keys(allowScripts).toSorted()).toEqual([...new Set(having)].toSorted());
    expect(scriptsAllowed(project)).toEqual(['@pokusew/pcsclite', 'node-hid', 'vue-demi']);
  });
});
