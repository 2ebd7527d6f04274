import { Upload } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/releases',
    component: () => import('./ReleasesPage.vue'),
    meta: {
      title: 'releases.title',
      permission: 'release:read',
      menu: { group: 'fleet', order: 20, icon: Upload },
    },
  },
];
