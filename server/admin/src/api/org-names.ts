import { orgTree, type OrgNames } from '@bianmin/purchase/api/org';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { call } from './call.ts';

/** What organisations are called, as far as the caller sees them; read once. */
export const useOrgNames = defineStore('orgNames', () => {
  const names = shallowRef<ReadonlyMap<string, OrgNames>>(new Map());
  let asked: Promise<void> | undefined;

  async function read(): Promise<void> {
    const { orgs } = await call({ path: '/v1/admin/orgs', response: orgTree });
    names.value = new Map(orgs.map((org) => [org.id, org.names]));
  }
  /** Where it cannot be read, ids are shown. */
  function look(): void {
    asked ??= read().catch(() => {
      asked = undefined;
    });
  }
  return { names, look };
});
