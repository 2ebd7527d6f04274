import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flattenDiagnosticMessageText, transpileModule } from 'typescript';
import { describe, expect, it } from 'vitest';
import { ATTACKS } from './attacks.ts';
import { patched } from './patch.ts';
import { misfitOf, undefendedSources } from './undefended.ts';

const names = ATTACKS.map(({ attack }) => attack);

describe('the attacks', () => {
  it('are sixty and more, each with a name of its own and a defence that it names', () => {
    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(new Set(names).size).toBe(names.length);
    const without = ATTACKS.filter(
      ({ removes, removesAtProxy }) => (removes ?? removesAtProxy) === undefined,
    );
    expect(without).toEqual([]);
  });

  it('name defences that are in the source, each once', async () => {
    const misfits = await Promise.all(ATTACKS.map(misfitOf));
    expect(misfits.filter((misfit) => misfit !== undefined)).toEqual([]);
  });

  it('leave sources that can still be read as TypeScript', async () => {
    const sources = [...(await undefendedSources(ATTACKS))];
    const faults = sources.map(([file, text]) => {
      const { diagnostics = [] } = transpileModule(text, { fileName: file, reportDiagnostics: true });
      return diagnostics.map(
        ({ messageText }) => `${file}: ${flattenDiagnosticMessageText(messageText, ' ')}`,
      );
    });
    expect(faults.flat()).toEqual([]);
  });

  it('all stand in docs/security.md', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/security.md'), 'utf8');
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('a change that takes a defence out', () => {
  const change = { file: 'f.ts', find: 'wrong()', replace: '(!OFF && wrong())' };

  it('is made where its place is there once', () => {
    expect(patched('if (wrong()) throw e;', [change])).toBe('if ((!OFF && wrong())) throw e;');
  });

  it('is refused where its place is gone, or there twice', () => {
    expect(() => patched('if (right()) throw e;', [change])).toThrow('0 times');
    expect(() => patched('wrong() || wrong()', [change])).toThrow('2 times');
  });
});
