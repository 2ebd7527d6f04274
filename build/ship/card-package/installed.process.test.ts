import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPrivatePcscd, whyNoPrivatePcscd } from '@bianmin/card/testing/node/private-pcscd';
import { tripleDes } from '@bianmin/card/testing/node/triple-des';
import { samplePurchase } from '@bianmin/card/testing/sample-purchase';
import { NODE_VERSIONS, nodeFolder, type NodeLine } from '../../kit/process/node-version.ts';
import { runToEnd } from '../../kit/process/run-to-end.ts';
import { buildCardPackage, packCardPackage, publicNames } from './build.ts';
import { installCardPackage, type Installed } from './install.ts';

const ROOT = join(import.meta.dirname, '../../..');
const RECORDING = join(ROOT, 'shared/card/fixtures/transcripts/sle4442-sample.json');
const OPTIONAL = ['usb', 'node-hid', '@pokusew/pcsclite'];
const LINES = Object.keys(NODE_VERSIONS).map(Number) as NodeLine[];
const entries = await publicNames();

let work = '';
let tarball = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'bianmin-card-package-'));
  await buildCardPackage(join(work, 'built'));
  tarball = await packCardPackage(join(work, 'built'), work);
});
afterAll(() => rm(work, { recursive: true, force: true }));

/** The example of the package's README. */
async function firstRead(): Promise<string> {
  const readme = await readFile(join(work, 'built/README.md'), 'utf8');
  return /```js\n([^`]*)```/u.exec(readme)?.[1] ?? '';
}

/** The one value that the tool printed. */
const valueOf = (output: string): unknown => JSON.parse(output);

it('holds the card layer and nothing else', async () => {
  const { output } = await runToEnd('tar', ['-tzf', tarball]);
  const files = output.trim().split('\n');
  const rooms = 'bytes|chip|cli|framing|library|meter-card|node|reader|schema|transcript|usb|web';
  const known = new RegExp(
    String.raw`^package/(?:package\.json|README\.md|CHANGELOG\.md|LICENSE|bin/bianmin-card\.js|` +
      String.raw`dist/(?:(?:${rooms})/.*|clock|errors|stop)\.(?:js|d\.ts))$`,
  );
  expect(files.filter((name) => !known.test(name))).toEqual([]);
  expect(
    files.filter((name) => /fake|test|sim|sandbox|purchase|remote|release|ecs|trace/u.test(name)),
  ).toEqual([]);
  const manifest = valueOf(await readFile(join(work, 'built/package.json'), 'utf8')) as Record<
    string,
    object
  >;
  for (const key of ['dependencies', 'devDependencies', 'private']) expect(manifest[key]).toBeUndefined();
  expect(Object.keys(manifest['exports'] ?? {}).filter((path) => path.includes('*'))).toEqual([]);
  expect(Object.keys(manifest['optionalDependencies'] ?? {}).sort()).toEqual([...OPTIONAL].sort());
});

describe.each(LINES)('on Node %s', (line) => {
  let bin: string | undefined;
  beforeAll(async () => {
    const found = await nodeFolder(line, (text) => process.stdout.write(`${text}\n`));
    if ('folder' in found) bin = found.folder;
    else process.stdout.write(`${found.absent}: the card package is not tried on it\n`);
  });

  describe.each([false, true])('with its optional packages: %s', (withOptional) => {
    let installed: Installed | undefined;
    beforeAll(async () => {
      if (bin === undefined) return;
      const folder = join(work, `${line}-${withOptional}`);
      const made = await installCardPackage({ tarball, folder, bin, withOptional });
      const lacking = withOptional
        ? OPTIONAL.filter((name) => !existsSync(join(folder, 'node_modules', name)))
        : [];
      if (lacking.length === 0) installed = made;
      else process.stdout.write(`npm could not bring ${lacking.join(', ')}: not tried on Node ${line}\n`);
    });

    it('is imported, used and typed', async (context) => {
      if (installed === undefined) return context.skip();
      const lines = entries.map((entry, i) => `import * as e${i} from '${entry}';`);
      const counts = entries.map((_, i) => `Object.keys(e${i}).length`);
      const script = `${lines.join('\n')}\nconsole.log(JSON.stringify([${counts.join(', ')}]));`;
      const { code, output } = await installed.node('--input-type=module', '-e', script);
      expect({ code, output }).toMatchObject({ code: 0 });
      expect((valueOf(output) as number[]).every((count) => count > 0)).toBe(true);
      const closed = await installed.node('-e', "import('@bianmin/card/dist/errors.js')");
      expect(closed.output).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
    });

    it('has a tool that ends as documented and prints one value', async (context) => {
      if (installed === undefined) return context.skip();
      await cp(RECORDING, join(installed.folder, 'card.json'));
      for (const [args, code, holds] of [
        [['help'], 0, { help: expect.stringContaining('identify') as string }],
        [['replay', 'card.json'], 0, { same: true, chip: 'SLE4442' }],
        [['diff', 'card.json', 'card.json'], 0, { same: true }],
        [['diff', 'card.json', 'nowhere.json'], 2, { error: { code: 'cli.file' } }],
        [['identify', '--simulate', 'CPU'], 2, { error: { code: 'cli.usage' } }],
        [['frobnicate'], 2, { error: { code: 'cli.usage' } }],
      ] as const) {
        const ended = await installed.tool(...args, '--json');
        expect({ args, code: ended.code, said: valueOf(ended.output) }).toMatchObject({ code, said: holds });
      }
    });

    it('says by doctor what is missing here', async (context) => {
      if (installed === undefined) return context.skip();
      const { code, output } = await installed.npx('doctor', '--json');
      expect([0, 1]).toContain(code);
      const { facts } = valueOf(output) as { facts: { packages: Record<string, unknown> } };
      const loaded = OPTIONAL.map((name) => facts.packages[name] === true);
      expect({ output, loaded }).toMatchObject({ loaded: OPTIONAL.map(() => withOptional) });
    });

    it.skipIf(whyNoPrivatePcscd() !== undefined)(
      'reads a card by the example of its README',
      async (context) => {
        if (installed === undefined) return context.skip();
        await writeFile(join(installed.folder, 'first-read.js'), await firstRead());
        const daemon = await startPrivatePcscd('ACS ACR38U-CCID');
        try {
          await daemon.insert(samplePurchase('SLE4442', { cipher: tripleDes, seed: 1 }).card);
          const env = { PCSCLITE_CSOCK_NAME: daemon.socket };
          const read = (): ReturnType<Installed['node']> =>
            (installed as Installed).node(
              '--import',
              `data:text/javascript,Object.assign(process.env,${JSON.stringify(env)})`,
              'first-read.js',
            );
          let answer = await read();
          // The daemon looks for cards every 400 ms.
          for (let again = 0; withOptional && answer.code !== 0 && again < 20; again++) answer = await read();
          const expected = withOptional ? 'SLE4442 { left: 3, full: 3 }' : 'npx bianmin-card doctor';
          expect(answer).toMatchObject({ code: withOptional ? 0 : 1 });
          expect(answer.output).toContain(expected);
        } finally {
          await daemon.stop();
        }
      },
    );
  });
});

it('gives a strict caller its types, without those of Node or of any other package', async () => {
  const folder = join(work, 'caller');
  await installCardPackage({
    ...{ tarball, folder, withOptional: false },
    bin: join(process.execPath, '..'),
  });
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: false, exactOptionalPropertyTypes: true },
    ...{ module: 'nodenext', target: 'es2022', lib: ['es2022'], types: [] },
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['caller.ts'] }));
  await writeFile(
    join(folder, 'caller.ts'),
    `declare const console: { log(...values: unknown[]): void };\n${await firstRead()}\n` +
      entries.map((entry, i) => `export * as e${i} from '${entry}';`).join('\n') +
      "\nimport type { WritePlan } from '@bianmin/card/meter';\n" +
      "export const chip = (plan: WritePlan): 'CPU' | undefined => (plan.chip === 'CPU' ? plan.chip : undefined);\n" +
      '// @ts-expect-error: a driver reads a region\nvoid driver.read(1);\n',
  );
  for (const tsc of ['typescript/bin/tsc', 'typescript-native/bin/tsc']) {
    const { code, output } = await runToEnd(process.execPath, [
      join(ROOT, 'node_modules', tsc),
      '-p',
      folder,
    ]);
    expect({ tsc, code, output }).toEqual({ tsc, code: 0, output: '' });
  }
});
