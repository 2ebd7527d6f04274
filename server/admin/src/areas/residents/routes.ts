import { User } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/residents',
    component: () => import('./ResidentsPage.vue'),
    meta: {
      title: 'residents.title',
      permission: 'resident:read',
      menu: { group: 'people', order: 40, icon: User },
    },
  },
];
