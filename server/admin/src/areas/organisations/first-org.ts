import { watch, type Ref } from 'vue';
import type { OrgView } from '@bianmin/purchase/api/org';

/** Chooses the first organisation where none is chosen when the tree comes: a form may have been opened before it. */
export function chooseFirstOrg(orgs: () => readonly OrgView[], chosen: Ref<string>): void {
  watch(orgs, ([first]) => {
    if (first !== undefined && chosen.value === '') chosen.value = first.id;
  });
}
