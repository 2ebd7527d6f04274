import { Discount } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/discounts',
    component: () => import('./DiscountsPage.vue'),
    meta: {
      title: 'discounts.title',
      permission: 'discount:manage',
      menu: { group: 'money', order: 5, icon: Discount },
    },
  },
];
