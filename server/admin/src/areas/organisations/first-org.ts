import { watch } from 'vue';
import type { OrgView } from '@bianmin/shared/api/org';

/** Chooses the first organisation where none is chosen when the tree comes: a form may have been opened before it. */
export function chooseFirstOrg(
  orgs: () => readonly OrgView[],
  chosen: { readonly get: () => string; readonly set: (id: string) => void },
): void {
  watch(orgs, ([first]) => {
    if (first !== undefined && chosen.get() === '') chosen.set(first.id);
  });
}
