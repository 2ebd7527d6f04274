import { OfficeBuilding } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/organisations',
    component: () => import('./OrganisationsPage.vue'),
    meta: { title: 'organisations.title', menu: { group: 'people', order: 30, icon: OfficeBuilding } },
  },
];
