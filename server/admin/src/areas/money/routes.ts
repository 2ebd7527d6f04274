import { Money } from '@element-plus/icons-vue';
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
];
