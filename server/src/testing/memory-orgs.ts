import type { Org } from '../access/store/orgs.ts';

/** A tree of organisations in memory: the province, prefectures and their communities. */
export class MemoryOrgs {
  readonly #orgs = new Map<string, Org>();

  /** By path, from the province down. */
  constructor(...paths: readonly (readonly string[])[]) {
    for (const path of [['province'], ...paths]) this.place(path);
  }

  /** Puts the last of them below those before it, wherever it was. */
  place(path: readonly string[]): void {
    const [_id = '', parent = null] = path.toReversed();
    const names = { 'zh-CN': _id, en: _id };
    const kind = (['province', 'prefecture'] as const)[path.length - 1] ?? 'community';
    this.#orgs.set(_id, { _id, kind, names, parent, path, version: 1 });
  }

  get(id: string): Promise<Org | null> {
    return Promise.resolve(this.#orgs.get(id) ?? null);
  }

  within(scope: string): Promise<Org[]> {
    return Promise.resolve([...this.#orgs.values()].filter(({ path }) => path.includes(scope)));
  }
}

/** Two communities of two prefectures. */
export const [NORTH, SOUTH] = ['c00000000000000a1', 'c00000000000000b2'] as const;
export const [URUMQI, KASHGAR] = ['650100', '653100'] as const;
export const sampleOrgs = (): MemoryOrgs =>
  new MemoryOrgs(
    ...[URUMQI, KASHGAR].map((id) => ['province', id]),
    ['province', URUMQI, NORTH],
    ['province', KASHGAR, SOUTH],
  );
