import { Wallet } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/deposit',
    component: () => import('./DepositPage.vue'),
    meta: {
      title: 'deposit.title',
      permission: 'float:request',
      menu: { group: 'money', order: 7, icon: Wallet },
    },
  },
];
