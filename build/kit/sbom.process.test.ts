import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { billOf, PRODUCTS, type ProductName } from './sbom.ts';

const ROOT = join(import.meta.dirname, '../..');
interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly unknown[];
}
const componentsOf = (product: ProductName) => billOf(product, ROOT)['components'] as readonly Component[];
const fullName = ({ group, name }: Component): string => (group === undefined ? name : `${group}/${name}`);

interface Listed {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, Listed>>;
}

/** Every `name@version` that npm itself says a workspace runs with. */
function listedByNpm(workspace: string): Set<string> {
  const args = ['ls', '--all', '--json', '--omit=dev', '--package-lock-only', '--workspace', workspace];
  const { stdout } = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 << 20 });
  const all = new Set<string>();
  const visit = ({ dependencies = {} }: Listed): void => {
    for (const [name, of] of Object.entries(dependencies)) {
      if (of.version !== undefined && !name.startsWith('@bianmin/')) all.add(`${name}@${of.version}`);
      visit(of);
    }
  };
  visit(JSON.parse(stdout) as Listed);
  return all;
}

describe('the bill of materials', () => {
  it.each(Object.keys(PRODUCTS) as ProductName[])(
    'of the %s has what npm itself lists, with its licence',
    (product) => {
      const components = componentsOf(product);
      const has = new Set(components.map((each) => `${fullName(each)}@${each.version}`));
      const listed = listedByNpm(PRODUCTS[product].workspace);
      expect(listed.size).toBeGreaterThan(5);
      expect([...listed].filter((each) => !has.has(each))).toEqual([]);
      for (const each of components) {
        expect(each.hashes, fullName(each)).toMatchObject([
          { alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) as string },
        ]);
        expect(each.licenses, fullName(each)).toHaveLength(1);
      }
    },
  );

  it('has what pages are bundled of, and nothing that only builds or tests', () => {
    const names = (product: ProductName): string[] => componentsOf(product).map(fullName);
    expect(names('server')).toEqual(
      expect.arrayContaining(['koa', 'mongoose', 'vue', 'element-plus', 'echarts']),
    );
    expect(names('kiosk')).toEqual(
      expect.arrayContaining(['electron', 'electron-updater', 'usb', 'vue', 'pinia']),
    );
    expect(names('box')).toEqual(expect.arrayContaining(['vue', 'pinia', 'core-js']));
    for (const product of Object.keys(PRODUCTS) as ProductName[]) {
      expect(
        names(product).filter((name) => /^(?:vitest|eslint|vite|playwright-core|tsx)$/.test(name)),
      ).toEqual([]);
    }
  });

  it('is one of CycloneDX, and the same for the same source', () => {
    const bill = billOf('server', ROOT);
    expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
    expect(bill['serialNumber']).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    );
    expect(JSON.stringify(billOf('server', ROOT))).toBe(JSON.stringify(bill));
    const refs = new Set((bill['components'] as { 'bom-ref': string }[]).map((each) => each['bom-ref']));
    const dependencies = bill['dependencies'] as { ref: string; dependsOn: string[] }[];
    for (const { dependsOn } of dependencies)
      for (const each of dependsOn) expect(refs, each).toContain(each);
  });
});
