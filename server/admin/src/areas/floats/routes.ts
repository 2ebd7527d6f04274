import { Coin } from '@element-plus/icons-vue';
import type { RouteRecordRaw } from 'vue-router';

export const routes: RouteRecordRaw[] = [
  {
    path: '/floats',
    component: () => import('./FloatsPage.vue'),
    meta: {
      title: 'floats.title',
      permission: 'float:request',
      menu: { group: 'money', order: 6, icon: Coin },
    },
  },
  {
    path: '/floats/:id([a-z0-9][a-z0-9-]{0,31})',
    component: () => import('./FloatPage.vue'),
    props: true,
    meta: { title: 'floats.oneTitle', permission: 'float:request' },
  },
];
