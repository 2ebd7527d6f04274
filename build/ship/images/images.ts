import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Others' images, by the variable that names each in `images.env`: what they are pinned from. */
export const IMAGES = {
  NODE_IMAGE: 'node:24-bookworm-slim',
  DEBIAN_IMAGE: 'debian:bookworm-slim',
  MONGO_IMAGE: 'mongo:8.0',
  REDIS_IMAGE: 'redis:7.2-bookworm',
} as const;
type Variable = keyof typeof IMAGES;

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const INDEX_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/** Where images come from: its API (Docker Registry HTTP API v2) and who gives tokens for it. */
export interface Registry {
  readonly api: string;
  /** Absent: it asks for none. */
  readonly tokens?: string;
}
export const DOCKER_HUB: Registry = {
  api: 'https://registry-1.docker.io',
  tokens: 'https://auth.docker.io/token?service=registry.docker.io',
};

/** What a tag is now, for all platforms: `sha256:…`. Throws, in a sentence, where the registry does not say it. */
export async function digestOf(image: string, registry: Registry): Promise<string> {
  const [name = '', tag = ''] = image.split(':');
  const repository = name.includes('/') ? name : `library/${name}`;
  const headers = { accept: INDEX_TYPES.join(', '), ...(await authorization(repository, registry)) };
  const answer = await fetch(`${registry.api}/v2/${repository}/manifests/${tag}`, {
    method: 'HEAD',
    headers,
  });
  const digest = answer.headers.get('docker-content-digest') ?? '';
  if (answer.ok && DIGEST.test(digest)) return digest;
  throw new Error(
    `${registry.api} does not say what ${image} is (${answer.status}). Name another by --registry.`,
  );
}

async function authorization(repository: string, { tokens }: Registry): Promise<{ authorization?: string }> {
  if (tokens === undefined) return {};
  const answer = await fetch(`${tokens}&scope=repository:${repository}:pull`);
  const { token } = (await answer.json()) as { token?: string };
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** What of a deployment is not pinned; each a sentence. `deploy`: the folder with `images.env` and `k8s`. */
export async function unpinned(deploy: string): Promise<string[]> {
  const [env, kustomization] = await Promise.all([
    readFile(join(deploy, 'images.env'), 'utf8'),
    readFile(join(deploy, 'k8s/kustomization.yaml'), 'utf8'),
  ]);
  const missing = Object.entries(IMAGES).flatMap(([variable, image]) =>
    new RegExp(`^${variable}=${image}@sha256:[0-9a-f]{64}$`, 'm').test(env)
      ? []
      : [`${variable} in images.env has no digest. Run npm run images -- pin.`],
  );
  if (!redisEntry('sha256:[0-9a-f]{64}').test(kustomization)) {
    missing.push("k8s/kustomization.yaml has no digest of Redis's image. Run npm run images -- pin.");
  }
  if (!/- name: bianmin-server\n(?: {4}.*\n)*? {4}digest: sha256:[0-9a-f]{64}$/m.test(kustomization)) {
    missing.push(
      'k8s/kustomization.yaml has no digest of bianmin-server. Run kustomize edit set image bianmin-server=REGISTRY/bianmin-server@sha256:…',
    );
  }
  return missing;
}

/** Asks what each image is now and writes it where deployments read it; gives what it wrote. */
export async function pin(deploy: string, registry: Registry): Promise<Readonly<Record<Variable, string>>> {
  const pinned = {} as Record<Variable, string>;
  for (const [variable, image] of Object.entries(IMAGES) as [Variable, string][]) {
    pinned[variable] = `${image}@${await digestOf(image, registry)}`;
  }
  const envPath = join(deploy, 'images.env');
  const lines = (await readFile(envPath, 'utf8')).split('\n').map((line) => {
    const variable = (Object.keys(IMAGES) as Variable[]).find((each) => line.startsWith(`${each}=`));
    return variable === undefined ? line : `${variable}=${pinned[variable]}`;
  });
  await writeFile(envPath, lines.join('\n'));
  const path = join(deploy, 'k8s/kustomization.yaml');
  const [, digest = ''] = pinned.REDIS_IMAGE.split('@');
  const entry = `  - name: ${REDIS_NAME}\n    newName: redis\n    digest: ${digest}\n`;
  const without = (await readFile(path, 'utf8')).replace(redisEntry('.*'), '');
  await writeFile(path, `${without.trimEnd()}\n${entry}`);
  return pinned;
}

/** What redis.yaml names: no registry has it, so nothing runs before it is pinned. */
const REDIS_NAME = 'images.invalid/redis';

function redisEntry(digest: string): RegExp {
  return new RegExp(`^  - name: images\\.invalid/redis\\n    newName: redis\\n    digest: ${digest}\\n`, 'm');
}
