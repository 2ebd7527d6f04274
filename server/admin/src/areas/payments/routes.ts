import { CreditCard } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/payments',
    component: () => import('./PaymentsPage.vue'),
    meta: {
      title: 'payments.title',
      permission: 'payment:read',
      menu: { group: 'money', order: 1, icon: CreditCard },
    },
  },
];
