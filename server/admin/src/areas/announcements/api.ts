import {
  announcementList,
  announcementView,
  type AnnouncementView,
  type ChangeAnnouncement,
  type CreateAnnouncement,
} from '@bianmin/purchase/api/announcements';
import { orgTree, type OrgView } from '@bianmin/purchase/api/org';
import { call, ifMatch } from '../../api/call.ts';

const PATH = '/v1/admin/announcements';

export const announcementsApi = {
  list: async (): Promise<AnnouncementView[]> =>
    (await call({ path: PATH, response: announcementList })).announcements,
  create: (body: CreateAnnouncement): Promise<AnnouncementView> =>
    call({ method: 'POST', path: PATH, body, response: announcementView }),
  change: (id: string, body: ChangeAnnouncement, version: number): Promise<AnnouncementView> =>
    call({
      ...{ method: 'PUT', path: `${PATH}/${id}`, body },
      ...{ headers: ifMatch(version), response: announcementView },
    }),
  remove: (id: string, version: number): Promise<void> =>
    call({ method: 'DELETE', path: `${PATH}/${id}`, headers: ifMatch(version) }),
  orgs: async (): Promise<OrgView[]> => (await call({ path: '/v1/admin/orgs', response: orgTree })).orgs,
};
