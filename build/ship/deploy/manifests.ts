import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseAllDocuments, parseDocument } from 'yaml';
import { z } from 'zod';

export const DEPLOY = import.meta.dirname;

const environment = z.record(z.string(), z.string());
const composeService = z.object({
  image: z.string(),
  command: z.union([z.array(z.string()), z.string()]).optional(),
  environment: environment.optional(),
  stop_grace_period: z.string().optional(),
  volumes: z.array(z.string()).optional(),
  healthcheck: z.object({ test: z.array(z.string()).optional() }).optional(),
  ports: z.array(z.string()).optional(),
  read_only: z.boolean().optional(),
  logging: z.object({ driver: z.string(), options: z.object({ tag: z.string() }) }).optional(),
  networks: z.union([
    z.array(z.string()),
    z.record(z.string(), z.object({ ipv4_address: z.string().optional() }).nullable()),
  ]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).optional(),
});
export type ComposeService = z.output<typeof composeService>;

/** compose.yml as compose reads it, its anchors put in. */
export async function readCompose(): Promise<Readonly<Record<string, ComposeService>>> {
  const text = await readFile(join(DEPLOY, 'compose/compose.yml'), 'utf8');
  const document = parseDocument(text, { merge: true });
  return z.object({ services: z.record(z.string(), composeService) }).parse(document.toJS()).services;
}

const probe = z.object({
  httpGet: z.object({ path: z.string() }).optional(),
  exec: z.object({ command: z.array(z.string()) }).optional(),
  periodSeconds: z.int().optional(),
  timeoutSeconds: z.int().optional(),
  failureThreshold: z.int().optional(),
});
export type Probe = z.output<typeof probe>;
const container = z.object({
  name: z.string(),
  image: z.string(),
  args: z.array(z.string()),
  env: z.array(z.object({ name: z.string() })).optional(),
  envFrom: z.array(z.unknown()).optional(),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })).optional(),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  securityContext: z.object({
    readOnlyRootFilesystem: z.literal(true),
    allowPrivilegeEscalation: z.literal(false),
  }),
});
const podSpec = z.object({
  terminationGracePeriodSeconds: z.int().optional(),
  automountServiceAccountToken: z.literal(false),
  securityContext: z.object({ runAsNonRoot: z.literal(true) }),
  containers: z.array(container),
});
export type PodSpec = z.output<typeof podSpec>;
const template = z.object({ template: z.object({ spec: podSpec }) });
const manifest = z.looseObject({
  kind: z.string(),
  metadata: z
    .object({ name: z.string(), annotations: environment.optional(), labels: environment.optional() })
    .optional(),
  spec: z.unknown().optional(),
  data: environment.optional(),
  stringData: environment.optional(),
});
export type Manifest = z.output<typeof manifest>;

/** Every manifest in the folder, the template of the secret included. */
export async function readManifests(): Promise<Manifest[]> {
  const folder = join(DEPLOY, 'k8s');
  const found: Manifest[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const text = await readFile(join(folder, name), 'utf8');
    for (const document of parseAllDocuments(text)) found.push(manifest.parse(document.toJS()));
  }
  return found;
}

/** The pod that a manifest makes, where it makes one. */
export function podOf({ kind, spec }: Manifest): PodSpec | undefined {
  if (['Deployment', 'StatefulSet', 'Job'].includes(kind)) return template.parse(spec).template.spec;
  if (kind !== 'CronJob') return undefined;
  return z.object({ jobTemplate: z.object({ spec: template }) }).parse(spec).jobTemplate.spec.template.spec;
}

/** Lines `NAME=value` of a file of variables; `path` from this folder, or absolute. */
export async function readEnvironment(path: string): Promise<Readonly<Record<string, string>>> {
  const lines = (await readFile(resolve(DEPLOY, path), 'utf8')).split('\n');
  const pairs = lines.flatMap((line) => {
    const match = /^([A-Z0-9_]+)=(.*)$/.exec(line);
    return match === null ? [] : [[match[1] ?? '', match[2] ?? ''] as const];
  });
  return Object.fromEntries(pairs);
}
