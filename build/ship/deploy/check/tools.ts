import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findCommand } from '../../../bootstrap/machine.mjs';
import { cacheFolder } from '../../../kit/process/cache.ts';
import { pythonEnvironment } from '../../../kit/process/python.ts';
import { runToEnd } from '../../../kit/process/run-to-end.ts';

const KUBECONFORM = 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0';
/** What the manifests are held against; kubernetes-validate has it. */
const KUBERNETES = 'v1.37.0';
const USUAL_GO = '/usr/local/go/bin/go';

const report = (line: string): void => void process.stderr.write(`${line}\n`);

/** The program, installed once into the user's cache; undefined, with a line that says so, where it cannot be had. */
export async function ensureKubeconform(): Promise<string | undefined> {
  const folder = cacheFolder('kubeconform', KUBECONFORM.split('@')[1] ?? '');
  const program = join(folder, 'kubeconform');
  if (existsSync(program)) return program;
  const go = findCommand('go') ?? (existsSync(USUAL_GO) ? USUAL_GO : undefined);
  if (go === undefined) {
    report(
      'There is no Go here, so that kubeconform cannot be had: the Kubernetes manifests are not checked by it.',
    );
    return undefined;
  }
  report('Fetching kubeconform (once)');
  const { code, output } = await runToEnd(go, ['install', KUBECONFORM], {
    env: { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' },
  });
  if (code === 0) return program;
  report(
    `kubeconform cannot be had, and the manifests are not checked by it: ${output.trimEnd().split('\n').at(-1) ?? ''}`,
  );
  return undefined;
}

/** hadolint, and a folder of Kubernetes's JSON schemas, strict; undefined, with a line, where they cannot be had. */
export async function ensureCheckers(): Promise<{ hadolint: string; schemas: string } | undefined> {
  const requirements = join(import.meta.dirname, 'requirements.txt');
  let folder: string;
  try {
    folder = await pythonEnvironment({
      name: 'deploy-check',
      requirements,
      // Their files are wanted, not their Python.
      options: ['--no-deps'],
      report,
    });
  } catch (error) {
    report(
      `hadolint and Kubernetes's schemas cannot be had, and nothing is checked by them: ${String(error)}`,
    );
    return undefined;
  }
  return { hadolint: join(folder, 'bin/hadolint'), schemas: await readableSchemas(folder) };
}

/** As kubeconform can read them: without names on the web, and beside each other. */
async function readableSchemas(folder: string): Promise<string> {
  const out = join(folder, `schemas-${KUBERNETES}`);
  if (existsSync(out)) return out;
  const [python = ''] = await readdir(join(folder, 'lib'));
  const packages = join(folder, 'lib', python, 'site-packages');
  const from = join(packages, 'kubernetes_validate/kubernetes-json-schema', `${KUBERNETES}-local-strict`);
  const files: (readonly [name: string, text: string])[] = [];
  for (const name of await readdir(from)) {
    const text = await readFile(join(from, name), 'utf8');
    const { $id: _, ...schema } = JSON.parse(
      text.replaceAll('"/api/_definitions.json', '"_definitions.json'),
    ) as Record<string, unknown>;
    files.push([name, JSON.stringify(schema)]);
  }
  await mkdir(out);
  for (const [name, text] of files) await writeFile(join(out, name), text);
  return out;
}
