import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const text = readFileSync(join(ROOT, 'docs/kiosk.md'), 'utf8');
const section = text.slice(text.indexOf('### Electron’s checklist'));
/** Number, item, where it is done, how it is tested. */
const rows = [...section.matchAll(/^\| *(\d+) *\|([^|]+)\|([^|]+)\|([^|]+)\|$/gm)].map(
  ([, no, item, where, tested]) => ({ no: Number(no), item, where: where ?? '', tested: tested ?? '' }),
);

/** Files are named in code marks, from the project's root. */
const filesIn = (cell: string): string[] =>
  [...cell.matchAll(/`([\w./-]+\.\w+)`/g)].map(([, path]) => path ?? '');

describe('Electron’s security checklist in docs/kiosk.md', () => {
  it('has its twenty items, in order', () => {
    expect(rows.map(({ no }) => no)).toEqual(Array.from({ length: 20 }, (_item, index) => index + 1));
  });

  it.each(rows)('$no:$item is done in files that exist, and tested by tests that do', ({ where, tested }) => {
    const files = filesIn(where);
    const tests = filesIn(tested);
    expect(files).not.toEqual([]);
    expect(tests).not.toEqual([]);
    expect([...files, ...tests].filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    // A test is named by words that are in it.
    const names = [...tested.matchAll(/“([^”]+)”/g)].map(([, name]) => name ?? '');
    const written = tests.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n');
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !written.includes(name))).toEqual([]);
  });
});

describe('what only the sources and the packaging can show', () => {
  const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  const names = [
    'main/main.ts',
    'main/kiosk.ts',
    'main/guard.ts',
    'preload/preload.ts',
    'policy/permissions.ts',
  ];
  const sources = names.map((name) => read(`terminal-app/src/${name}`)).join('\n');

  it('neither Blink features, nor a shell for addresses, nor pop-ups of web views', () => {
    expect(sources).not.toMatch(/enableBlinkFeatures|openExternal|allowpopups/i);
  });

  it('the preload gives the page one object, and nothing of Electron', () => {
    const preload = read('terminal-app/src/preload/preload.ts');
    expect(preload.match(/exposeInMainWorld\(/g)).toHaveLength(1);
    expect(preload).toContain("exposeInMainWorld('bianmin', bridge)");
  });

  it('Electron is pinned to one release', () => {
    const manifest = JSON.parse(read('terminal-app/package.json')) as {
      devDependencies: Record<string, string>;
    };
    expect(manifest.devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('every fuse is set', () => {
    const packaging = read('electron-builder.yml');
    for (const fuse of [
      'runAsNode: false',
      'enableNodeOptionsEnvironmentVariable: false',
      'enableNodeCliInspectArguments: false',
      'enableCookieEncryption: true',
      'enableEmbeddedAsarIntegrityValidation: true',
      'onlyLoadAppFromAsar: true',
      'grantFileProtocolExtraPrivileges: false',
    ]) {
      expect(packaging).toContain(`  ${fuse}\n`);
    }
  });
});
