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
import { markModulesCurrent, modulesAreCurrent } from './npm-ci.mjs';

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

  it('is not current when it is not there', () => {
    expect(modulesAreCurrent(root)).toBe(false);
  });

  it('is not current where npm came before the headers of the module that it compiles', () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(record(), '{}');
    at(join(root, 'package-lock.json'), 100);
    at(record(), 200);
    expect(modulesAreCurrent(root)).toBe(false);
  });

  it('is current where npm wrote it after the lock file', () => {
    mkdirSync(join(root, 'node_modules/@pokusew/pcsclite'), { recursive: true });
    writeFileSync(record(), '{}');
    at(join(root, 'package-lock.json'), 100);
    at(record(), 200);
    expect(modulesAreCurrent(root)).toBe(true);
    at(join(root, 'package-lock.json'), 300);
    expect(modulesAreCurrent(root)).toBe(false);
  });

  it('is current where we installed these very bytes, however new the file', () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(record(), '{}');
    at(record(), 100);
    markModulesCurrent(root);
    expect(modulesAreCurrent(root)).toBe(true);
    writeFileSync(join(root, 'package-lock.json'), 'two');
    expect(modulesAreCurrent(root)).toBe(false);
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

  it('is not current for another Node, whose compiled modules it cannot load', () => {
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'node_modules/.bianmin-installed'), 'x node 1');
    writeFileSync(record(), '{}');
    expect(modulesAreCurrent(root)).toBe(false);
  });
});
