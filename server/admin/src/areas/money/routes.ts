import { Calendar, Money, Tickets } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/money',
    component: () => import('./MoneyPage.vue'),
    meta: {
      title: 'money.title',
      permission: 'bill:read',
      menu: { group: 'money', order: 0, icon: Money },
    },
  },
  {
    path: '/commissions',
    component: () => import('./CommissionsPage.vue'),
    meta: {
      title: 'money.commission.title',
      permission: 'commission:manage',
      menu: { group: 'money', order: 5, icon: Tickets },
    },
  },
  {
    path: '/months',
    component: () => import('./MonthsPage.vue'),
    meta: {
      title: 'money.months.title',
      permission: 'bill:read',
      menu: { group: 'money', order: 0, icon: Calendar },
    },
  },
];
