import { orgTree, orgView, type OrgNames, type OrgView } from '@bianmin/purchase/api/org';
import { call, ifMatch } from '../../api/call.ts';

const PATH = '/v1/admin/orgs';

/** Organisations as the server has them for the caller's scope. */
export const orgsApi = {
  tree: async (signal?: AbortSignal): Promise<OrgView[]> =>
    (await call({ path: PATH, response: orgTree, ...(signal && { signal }) })).orgs,
  create: (parent: string, names: OrgNames): Promise<OrgView> =>
    call({ path: PATH, method: 'POST', body: { parent, names }, response: orgView }),
  rename: ({ id, version }: OrgView, names: OrgNames): Promise<OrgView> =>
    call({
      path: `${PATH}/${id}/names`,
      method: 'PUT',
      body: { names },
      headers: ifMatch(version),
      response: orgView,
    }),
  move: ({ id, version }: OrgView, parent: string): Promise<OrgView> =>
    call({
      path: `${PATH}/${id}/parent`,
      method: 'PUT',
      body: { parent },
      headers: ifMatch(version),
      response: orgView,
    }),
  remove: ({ id, version }: OrgView): Promise<void> =>
    call({ path: `${PATH}/${id}`, method: 'DELETE', headers: ifMatch(version) }),
};

/** By the language of the page. */
export function orgName(org: Pick<OrgView, 'names'>, locale: string): string {
  return org.names[locale === 'en' ? 'en' : 'zh-CN'];
}
