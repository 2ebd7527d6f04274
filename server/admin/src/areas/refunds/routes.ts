import { RefreshLeft } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/refunds',
    component: () => import('./RefundsPage.vue'),
    meta: {
      title: 'refunds.title',
      permission: 'order:read',
      menu: { group: 'money', order: 2, icon: RefreshLeft },
    },
  },
];
