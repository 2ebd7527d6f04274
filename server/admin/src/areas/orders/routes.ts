import { Document } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/orders',
    component: () => import('./OrdersPage.vue'),
    meta: {
      title: 'orders.title',
      permission: 'order:read',
      menu: { group: 'orders', order: 1, icon: Document },
    },
  },
  {
    path: '/orders/:orderNo(\\d{18})',
    component: () => import('./OrderPage.vue'),
    meta: { title: 'orders.page.title', permission: 'order:read' },
  },
];
