import { Document } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/bills',
    component: () => import('./BillsPage.vue'),
    meta: {
      title: 'bills.title',
      permission: 'bill:read',
      menu: { group: 'books', order: 2, icon: Document },
    },
  },
];
