import { Promotion } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/transfers',
    component: () => import('./TransfersPage.vue'),
    meta: {
      title: 'transfers.title',
      permission: 'float:request',
      menu: { group: 'money', order: 7, icon: Promotion },
    },
  },
];
