import type { Org } from '../../../access/store/orgs.ts';

/** Organisations of a scope as a file names them: by id, or by a name that no other of them has. */
export class Places {
  /** null: several have that name. */
  readonly #ids: ReadonlyMap<string, string | null>;

  constructor(orgs: readonly Org[]) {
    const ids = new Map<string, string | null>();
    for (const { _id, names } of orgs) {
      const all = [names['zh-CN'], names.en, names.ug].filter((name) => name !== undefined);
      for (const name of new Set(all)) ids.set(name, ids.has(name) ? null : _id);
    }
    for (const { _id } of orgs) ids.set(_id, _id);
    this.#ids = ids;
  }

  /** Its id; why there is none. */
  idOf(text: string): { readonly id: string } | { readonly why: 'organisation' | 'two-organisations' } {
    const id = this.#ids.get(text);
    if (id === undefined) return { why: 'organisation' };
    return id === null ? { why: 'two-organisations' } : { id };
  }
}
