import { Key } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/keys',
    component: () => import('./KeysPage.vue'),
    meta: {
      title: 'keys.title',
      permission: 'audit:read',
      menu: { group: 'system', order: 45, icon: Key },
    },
  },
];
